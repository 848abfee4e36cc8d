import Baton
import BatonStore

/// Keeping the situation, and making it anew.
extension StateFile {
  /// How long a silence that is over is still shown.
  private static let silenceMemory: Duration = .seconds(7 * 24 * 3600)

  // MARK: - The lease

  /// From now on this monitor writes, and no other.
  func takeLease(_ holder: String, at now: Moment) throws {
    try store.transaction { database in
      try database.execute(
        "INSERT INTO lease (one, holder, at) VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, at = excluded.at",
        holder, now.milliseconds)
    }
  }

  /// Says that the holder lives.
  func renewLease(_ holder: String, at now: Moment) throws {
    try store.transaction { database in
      try check(holder, database)
      try database.execute("UPDATE lease SET at = ?", now.milliseconds)
    }
  }

  /// Who leads, and when it last said so.
  func lease() throws -> (holder: String, at: Moment)? {
    try store.read { database in
      try database.first("SELECT holder, at FROM lease") { row in
        (try row.get("holder"), Moment(milliseconds: try row.get("at")))
      }
    }
  }

  private func check(_ holder: String, _ database: borrowing Database) throws {
    let current = try database.first("SELECT holder FROM lease", as: { try $0.get("holder", as: String.self) })
    guard current == holder else { throw LeaseLost(holder: current ?? "nobody") }
  }

  // MARK: - The situation

  func load() throws -> Situation.Kept {
    try store.read { database in
      var kept = Situation.Kept()
      kept.hosts = try database.rows("SELECT * FROM hosts", as: Self.host)
      kept.alerts = try database.rows("SELECT alert FROM alerts") { try Self.decode(Alert.self, $0, "alert") }
      kept.silences = try silences(database)
      kept.deploys = try database.rows("SELECT deploy FROM deploys") {
        try Self.decode(Deploys.Deploy.self, $0, "deploy")
      }
      kept.minutes = try database.rows("SELECT number, tally FROM minutes ORDER BY number") {
        RoundTrips.Minute(number: try $0.get("number"), tally: try Self.decode(RoundTrips.Tally.self, $0, "tally"))
      }
      return kept
    }
  }

  /// Writes what has changed; it is on disk when this returns. Throws ``LeaseLost`` if another monitor leads.
  func save(_ changes: Changes, by holder: String, at now: Moment) throws {
    guard !changes.isEmpty else { return }
    try store.transaction { database in
      try check(holder, database)
      try saveFleet(changes, database)
      for alert in changes.alerts {
        try database.execute(
          "INSERT OR REPLACE INTO alerts (key, state, alert) VALUES (?, ?, ?)", alert.key, alert.state.rawValue,
          try JSONText.encode(alert))
      }
      for key in changes.forgottenAlerts { try database.execute("DELETE FROM alerts WHERE key = ?", key) }
      for silence in changes.silences { try save(silence, database) }
      if let deploys = changes.deploys {
        try database.execute("DELETE FROM deploys")
        for deploy in deploys {
          try database.execute("INSERT INTO deploys (deploy) VALUES (?)", try JSONText.encode(deploy))
        }
      }
      for delivery in changes.deliveries {
        try database.execute(
          "INSERT INTO deliveries (sink, alert, notice, due_at) VALUES (?, ?, ?, ?)", delivery.sink,
          delivery.notice.alert.key, try JSONText.encode(delivery.notice), now.milliseconds)
      }
    }
  }

  private func saveFleet(_ changes: Changes, _ database: borrowing Database) throws {
    for host in changes.hosts {
      try database.execute(
        "INSERT OR REPLACE INTO hosts (environment, fqdn, apps, version, first_seen, last_seen, round_trip, condition) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        host.server.environment, host.server.fqdn, host.server.appNames.joined(separator: "\n"), host.version,
        host.firstSeen.milliseconds, host.lastSeen.milliseconds, host.roundTrip, host.condition.rawValue)
    }
    for id in changes.forgottenHosts {
      try database.execute("DELETE FROM hosts WHERE environment = ? AND fqdn = ?", id.environment, id.fqdn)
    }
    for (key, entry) in changes.messages {
      try database.execute(
        "INSERT INTO messages (exchange, type, environment, fqdn, at, count, body) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at, count = count + excluded.count, body = excluded.body",
        key.exchange, key.type, key.environment, key.fqdn, entry.at.milliseconds, entry.count, entry.body)
    }
    guard let minutes = changes.minutes, let last = minutes.last else { return }
    // Only the last can have changed; it may be the first of its number.
    try database.execute(
      "INSERT OR REPLACE INTO minutes (number, tally) VALUES (?, ?)", last.number, try JSONText.encode(last.tally))
    try database.execute("DELETE FROM minutes WHERE number <= ?", last.number - 60)
  }

  // MARK: - Silences

  /// Those that are or were in force lately, the newest first.
  package func silences() throws -> [Silence] { try store.read { try silences($0) } }

  private func silences(_ database: borrowing Database) throws -> [Silence] {
    try database.rows("SELECT silence FROM silences ORDER BY ends_at DESC") {
      try Self.decode(Silence.self, $0, "silence")
    }
  }

  package func add(_ silence: Silence) throws {
    try store.transaction { database in
      try save(silence, database)
      let end = (silence.startsAt - Self.silenceMemory).milliseconds
      try database.execute("DELETE FROM silences WHERE ends_at < ?", end)
    }
  }

  /// Ends a silence; gives it, or nil if there is none of that id that is not over.
  package func endSilence(_ id: String, at now: Moment) throws -> Silence? {
    try store.transaction { database in
      guard
        var silence = try database.first(
          "SELECT silence FROM silences WHERE id = ?", id, as: { try Self.decode(Silence.self, $0, "silence") }),
        silence.endsAt > now
      else { return nil }
      silence.endsAt = now
      try save(silence, database)
      return silence
    }
  }

  private func save(_ silence: Silence, _ database: borrowing Database) throws {
    try database.execute(
      "INSERT OR REPLACE INTO silences (id, ends_at, silence) VALUES (?, ?, ?)", silence.id,
      silence.endsAt.milliseconds, try JSONText.encode(silence))
  }

  // MARK: - To look at

  package func hosts() throws -> [Host] {
    try store.read { try $0.rows("SELECT * FROM hosts ORDER BY environment, fqdn", as: Self.host) }
  }

  package func alerts() throws -> [Alert] { try load().alerts }

  static func decode<Value: Decodable>(_ type: Value.Type, _ row: Row, _ column: String) throws -> Value {
    try JSONText.decode(type, from: try row.get(column, as: [UInt8].self))
  }

  private static func host(_ row: Row) throws -> Host {
    let apps: String = try row.get("apps")
    var host = Host(
      server: Server(
        environment: try row.get("environment"), fqdn: try row.get("fqdn"),
        appNames: apps.split(separator: "\n").map(String.init)),
      version: try row.get("version", as: String?.self),
      firstSeen: Moment(milliseconds: try row.get("first_seen")),
      lastSeen: Moment(milliseconds: try row.get("last_seen")), roundTrip: try row.get("round_trip", as: Double?.self))
    host.condition = Host.Condition(rawValue: try row.get("condition")) ?? .up
    return host
  }
}
