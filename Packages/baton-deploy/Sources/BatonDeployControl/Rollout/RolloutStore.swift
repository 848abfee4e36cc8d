import Baton
import BatonStore

/// The rollouts that were begun from here, on disk: what is needed to go on after the program that drove one has gone.
public struct RolloutStore: Sendable {
  let store: Store

  private static let migrations = [
    Migration(
      """
      CREATE TABLE rollouts (
        id TEXT PRIMARY KEY, app TEXT NOT NULL, environment TEXT NOT NULL, begun INTEGER NOT NULL,
        plan TEXT NOT NULL, policy TEXT NOT NULL, skipped TEXT NOT NULL, state TEXT NOT NULL, direction TEXT NOT NULL)
      """,
      """
      CREATE TABLE hosts (
        rollout TEXT NOT NULL REFERENCES rollouts (id) ON DELETE CASCADE, position INTEGER NOT NULL,
        host TEXT NOT NULL, PRIMARY KEY (rollout, position)) WITHOUT ROWID
      """),
    Migration(
      "ALTER TABLE rollouts ADD COLUMN approved_by TEXT", "ALTER TABLE rollouts ADD COLUMN ended INTEGER",
      // Of a rollout that was written before there was one it is NULL, and made when it is asked for.
      "ALTER TABLE rollouts ADD COLUMN tally TEXT", "CREATE INDEX rollouts_begun ON rollouts (begun, id)"),
  ]

  /// Opens the file, or makes it.
  public init(_ path: String) throws { store = try Store(path, migrations: Self.migrations) }

  /// Writes a rollout that begins.
  public func insert(_ rollout: Rollout, at now: Int64) throws {
    try store.transaction { database in
      try database.execute(
        """
        INSERT INTO rollouts (id, app, environment, begun, plan, policy, skipped, state, direction, approved_by, ended, tally)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, rollout.plan.id, rollout.plan.place.app, rollout.plan.place.environment, now, try text(rollout.plan),
        try text(rollout.policy), try text(rollout.skipped), try text(rollout.state), rollout.direction.rawValue,
        rollout.approvedBy, rollout.ended, try text(RolloutTally(rollout.hosts)))
      for (position, host) in rollout.hosts.enumerated() {
        try database.execute("INSERT INTO hosts VALUES (?, ?, ?)", rollout.plan.id, position, try text(host))
      }
    }
  }

  /// Writes what has changed since it was written last; nothing if nothing has.
  public func update(_ rollout: Rollout, since before: Rollout) throws {
    guard rollout != before else { return }
    try store.transaction { database in
      try database.execute(
        "UPDATE rollouts SET state = ?, direction = ?, approved_by = ?, ended = ?, tally = ? WHERE id = ?",
        try text(rollout.state), rollout.direction.rawValue, rollout.approvedBy, rollout.ended,
        try text(RolloutTally(rollout.hosts)), rollout.plan.id)
      for (position, (host, old)) in zip(rollout.hosts, before.hosts).enumerated() where host != old {
        try database.execute(
          "UPDATE hosts SET host = ? WHERE rollout = ? AND position = ?", try text(host), rollout.plan.id, position)
      }
    }
  }

  /// A rollout as it was written last; nil if there is none of that id.
  public func rollout(_ id: String) throws -> Rollout? {
    try store.read { database in
      let hosts = try hosts(of: id, in: database)
      return try database.first("SELECT * FROM rollouts WHERE id = ?", id) { row in
        var rollout = Rollout(
          try value(RolloutPlan.self, try row.get("plan")), try value(RolloutPolicy.self, try row.get("policy")),
          hosts: hosts, skipped: try value([String].self, try row.get("skipped")))
        rollout.state = try value(Rollout.State.self, try row.get("state"))
        rollout.direction = Rollout.Direction(rawValue: try row.get("direction")) ?? .forward
        rollout.approvedBy = try row.get("approved_by")
        return rollout
      }
    }
  }

  /// When a rollout was written first, in milliseconds since 1970; nil if there is none of that id.
  public func begun(_ id: String) throws -> Int64? {
    try store.read { try $0.first("SELECT begun FROM rollouts WHERE id = ?", id) { try $0.get("begun") } }
  }

  /// The ids of the rollouts of an application in an environment that have not ended, the newest first.
  public func open(_ place: Place) throws -> [String] {
    let ended = try text(Rollout.State.ended)
    return try store.read { database in
      try database.rows(
        "SELECT id FROM rollouts WHERE app = ? AND environment = ? AND state <> ? ORDER BY begun DESC", place.app,
        place.environment, ended
      ) { try $0.get("id") }
    }
  }

  /// The applications and environments that were rolled out from here, sorted.
  public func places() throws -> [Place] {
    try store.read { database in
      try database.rows("SELECT DISTINCT app, environment FROM rollouts ORDER BY app, environment") { row in
        Place(app: try row.get("app"), environment: try row.get("environment"))
      }
    }
  }

  /// The hosts that took part in one of the last ten rollouts of an application in an environment, sorted.
  public func hosts(of place: Place) throws -> [String] {
    let hosts = try store.read { database in
      try database.rows(
        """
        SELECT host FROM hosts WHERE rollout IN
          (SELECT id FROM rollouts WHERE app = ? AND environment = ? ORDER BY begun DESC LIMIT 10)
        """, place.app, place.environment
      ) { try value(RolloutHost.self, try $0.get("host")).fqdn }
    }
    return Set(hosts).sorted()
  }

  func hosts(of rollout: String, in database: borrowing Database) throws -> [RolloutHost] {
    try database.rows("SELECT host FROM hosts WHERE rollout = ? ORDER BY position", rollout) { row in
      try value(RolloutHost.self, try row.get("host"))
    }
  }

  func text(_ value: some Encodable) throws -> String {
    String(decoding: try JSONText.encode(value), as: UTF8.self)
  }

  func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONText.decode(type, from: [UInt8](text.utf8))
  }
}
