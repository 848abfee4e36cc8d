import BatonStore

/// A release as the journal has it: one that is not here is not whole.
struct ReleaseRecord: Sendable, Hashable {
  let version: String
  let sha256: String
  let unpacked: Int64
  let isGood: Bool

  init(_ row: Row) throws {
    version = try row.get("version")
    sha256 = try row.get("sha256")
    unpacked = try row.get("unpacked")
    isGood = try row.get("is_good")
  }
}

/// What runs of an application.
struct RunningRecord: Sendable, Hashable {
  var version: String?
  var since: Int64
  var by: String?
  var health: Running.Health
}

extension Journal {
  func addRelease(_ app: String, _ version: String, _ digest: Digest, at moment: Int64) throws {
    try store.transaction {
      try $0.execute(
        "INSERT OR REPLACE INTO releases (app, version, sha256, unpacked) VALUES (?, ?, ?, ?)", app, version,
        digest.description, moment)
    }
  }

  func removeRelease(_ app: String, _ version: String) throws {
    try store.transaction { try $0.execute("DELETE FROM releases WHERE app = ? AND version = ?", app, version) }
  }

  /// A deploy of it has ended well.
  func markGood(_ app: String, _ version: String) throws {
    try store.transaction {
      try $0.execute("UPDATE releases SET is_good = 1 WHERE app = ? AND version = ?", app, version)
    }
  }

  /// The newest first.
  func releases(_ app: String) throws -> [ReleaseRecord] {
    try store.read {
      try $0.rows(
        "SELECT * FROM releases WHERE app = ? ORDER BY unpacked DESC, rowid DESC", app, as: ReleaseRecord.init)
    }
  }

  func running(_ app: String) throws -> RunningRecord? {
    try store.read {
      try $0.first("SELECT * FROM running WHERE app = ?", app) { row in
        RunningRecord(
          version: try row.get("version"), since: try row.get("since"), by: try row.get("by"),
          health: Running.Health(rawValue: try row.get("health")) ?? .unknown)
      }
    }
  }

  func setRunning(_ app: String, _ record: RunningRecord) throws {
    try store.transaction {
      try $0.execute(
        "INSERT OR REPLACE INTO running VALUES (?, ?, ?, ?, ?)", app, record.version, record.since, record.by,
        record.health.rawValue)
    }
  }

  func setHealth(_ app: String, _ health: Running.Health) throws {
    try store.transaction { try $0.execute("UPDATE running SET health = ? WHERE app = ?", health.rawValue, app) }
  }

  func lock(_ app: String) throws -> LockState? {
    try store.read {
      try $0.first("SELECT * FROM locks WHERE app = ?", app) { row in
        LockState(reason: try row.get("reason"), by: try row.get("by"), since: try row.get("since"))
      }
    }
  }

  /// Says what it is locked by now: an earlier lock stays.
  func lock(_ app: String, _ lock: LockState) throws -> LockState {
    try store.transaction {
      try $0.execute("INSERT OR IGNORE INTO locks VALUES (?, ?, ?, ?)", app, lock.reason, lock.by, lock.since)
    }
    return try self.lock(app) ?? lock
  }

  /// Says what it was locked by.
  func unlock(_ app: String) throws -> LockState? {
    let before = try lock(app)
    try store.transaction { try $0.execute("DELETE FROM locks WHERE app = ?", app) }
    return before
  }
}
