import Baton
import BatonStore

/// What has been asked of this host, how far it has come, and what came of it; on disk before anybody is told.
struct Journal: Sendable {
  let store: Store

  /// Opens `journal.sqlite` in the folder, or makes it.
  init(_ folder: String) throws {
    store = try Store("\(folder)/journal.sqlite", migrations: [Self.first, Self.second])
  }

  private static let first = Migration(
    """
    CREATE TABLE acts (
      app TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, version TEXT, previous TEXT, by TEXT,
      begun INTEGER NOT NULL, ended INTEGER, step TEXT NOT NULL, is_step_done INTEGER NOT NULL DEFAULT 0,
      sequence INTEGER NOT NULL DEFAULT 0, session INTEGER NOT NULL, correlation_id TEXT, reply_to TEXT,
      outcome TEXT, result BLOB, result_id TEXT, is_reported INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (app, id)) STRICT
    """,
    "CREATE INDEX acts_by_time ON acts (app, begun)",
    // One act of an application at a time: whoever else comes has forgotten to look.
    "CREATE UNIQUE INDEX acts_under_way ON acts (app) WHERE outcome IS NULL",
    "CREATE INDEX acts_unreported ON acts (result_id) WHERE is_reported = 0",
    """
    CREATE TABLE refusals (
      app TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, result BLOB NOT NULL, PRIMARY KEY (app, id)) STRICT
    """,
    """
    CREATE TABLE releases (
      app TEXT NOT NULL, version TEXT NOT NULL, sha256 TEXT NOT NULL, unpacked INTEGER NOT NULL,
      is_good INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (app, version)) STRICT
    """,
    "CREATE TABLE running (app TEXT PRIMARY KEY, version TEXT, since INTEGER NOT NULL, by TEXT, health TEXT NOT NULL) STRICT",
    "CREATE TABLE locks (app TEXT PRIMARY KEY, reason TEXT NOT NULL, by TEXT, since INTEGER NOT NULL) STRICT")

  private static let second = Migration(
    """
    CREATE TABLE signatures (
      key_id TEXT NOT NULL, nonce TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (key_id, nonce)) STRICT
    """,
    "CREATE INDEX signatures_by_time ON signatures (expires)")
}
