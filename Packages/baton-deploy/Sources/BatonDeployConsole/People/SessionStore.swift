import BatonStore

/// The sessions, on disk, so that nobody has to log in again when the console is started anew; of their secrets only fingerprints.
struct SessionStore: Sendable {
  /// Of one person; the one that was used least recently goes.
  private static let most = 20
  /// How exactly it is known when one was used last, in milliseconds: not each request is worth a write to the disk.
  private static let grain: Int64 = 60_000

  private static let migrations = [
    Migration(
      """
      CREATE TABLE sessions (
        fingerprint BLOB PRIMARY KEY, person TEXT NOT NULL, mark BLOB NOT NULL, begun INTEGER NOT NULL,
        seen INTEGER NOT NULL) WITHOUT ROWID
      """,
      "CREATE INDEX sessions_of_person ON sessions (person, seen)",
      "CREATE TABLE keys (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
  ]

  private let store: Store
  /// Where there is no session, tokens against forged requests are made with this.
  let key: [UInt8]

  /// Opens the file, or makes it.
  init(_ path: String) throws {
    let store = try Store(path, migrations: Self.migrations)
    key = try store.transaction { database in
      try database.execute("INSERT OR IGNORE INTO keys VALUES ('forms', ?)", Randomness.bytes(32))
      let key: [UInt8]? = try database.first("SELECT value FROM keys WHERE name = 'forms'") { try $0.get("value") }
      return key ?? Randomness.bytes(32)
    }
    self.store = store
  }

  /// Begins a session, and gives its secret, which is in no other place.
  func begin(_ person: String, mark: Fingerprint, at now: Int64) throws -> String {
    let secret = Randomness.secret()
    try store.transaction { database in
      try database.execute(
        "DELETE FROM sessions WHERE begun <= ? OR seen <= ?", now - Session.longest, now - Session.idle)
      try database.execute(
        "INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", Fingerprint(of: secret).bytes, person, mark.bytes, now, now)
      try database.execute(
        """
        DELETE FROM sessions WHERE person = ? AND fingerprint NOT IN
          (SELECT fingerprint FROM sessions WHERE person = ? ORDER BY seen DESC, begun DESC LIMIT ?)
        """, person, person, Self.most)
    }
    return secret
  }

  /// The session with a secret; nil if there is none, or it is over.
  func session(_ secret: String, at now: Int64) throws -> Session? {
    let fingerprint = Fingerprint(of: secret).bytes
    let found = try store.read { database in
      try database.first("SELECT * FROM sessions WHERE fingerprint = ?", fingerprint) { row -> Session? in
        guard let mark = Fingerprint(bytes: try row.get("mark")) else { return nil }
        return Session(
          person: try row.get("person"), mark: mark, begun: try row.get("begun"), seen: try row.get("seen"))
      }
    }
    guard let session = found ?? nil, !session.isOver(at: now) else { return nil }
    if now - session.seen >= Self.grain {
      try store.transaction { database in
        try database.execute("UPDATE sessions SET seen = ? WHERE fingerprint = ?", now, fingerprint)
      }
    }
    return session
  }

  /// Ends a session; false if there was none.
  @discardableResult
  func end(_ secret: String) throws -> Bool {
    try store.transaction { database in
      try database.execute("DELETE FROM sessions WHERE fingerprint = ?", Fingerprint(of: secret).bytes) > 0
    }
  }
}
