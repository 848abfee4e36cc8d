import Baton
import BatonStore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The monitor's database: what it knows, what is silenced, and what the sinks have not taken yet.
///
/// One process at a time writes to it: the one that holds the lease. Commands look into it, and put silences there.
package final class StateFile: Sendable {
  let store: Store
  /// Two monitors that name the same one share the database.
  let id: String

  package var path: String { store.path }

  /// Opens the database, or makes it.
  package init(_ path: String) throws {
    store = try Store(path, migrations: Self.migrations)
    id = try store.transaction { database in
      if let id = try database.first("SELECT id FROM identity", as: { try $0.get("id", as: String.self) }) { return id }
      let newID = UUID().uuidString.lowercased()
      try database.execute("INSERT INTO identity (id) VALUES (?)", newID)
      return newID
    }
  }

  /// Opens the database of a monitor that has run, for a command.
  package convenience init(opening path: String) throws {
    guard access(path, F_OK) == 0 else {
      throw ConfigurationError(
        place: path, problem: "there is no database of a monitor here",
        remedy: "start the monitor, or name its configuration with --config-file, so that STATE_FILE is found")
    }
    try self.init(path)
  }

  private static let migrations = [
    Migration(
      "CREATE TABLE identity (id TEXT NOT NULL)",
      "CREATE TABLE lease (one INTEGER PRIMARY KEY CHECK (one = 1), holder TEXT NOT NULL, at INTEGER NOT NULL)",
      """
      CREATE TABLE hosts (
        environment TEXT NOT NULL, fqdn TEXT NOT NULL, apps TEXT NOT NULL, version TEXT, first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL, round_trip REAL, condition TEXT NOT NULL, PRIMARY KEY (environment, fqdn)
      ) WITHOUT ROWID
      """,
      """
      CREATE TABLE messages (
        exchange TEXT NOT NULL, type TEXT NOT NULL, environment TEXT NOT NULL, fqdn TEXT NOT NULL, at INTEGER NOT NULL,
        count INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (exchange, type, environment, fqdn)
      ) WITHOUT ROWID
      """,
      "CREATE TABLE alerts (key TEXT PRIMARY KEY, state TEXT NOT NULL, alert BLOB NOT NULL) WITHOUT ROWID",
      "CREATE TABLE silences (id TEXT PRIMARY KEY, ends_at INTEGER NOT NULL, silence BLOB NOT NULL) WITHOUT ROWID",
      "CREATE TABLE deploys (id INTEGER PRIMARY KEY, deploy BLOB NOT NULL)",
      "CREATE TABLE minutes (number INTEGER PRIMARY KEY, tally BLOB NOT NULL)",
      """
      CREATE TABLE deliveries (
        number INTEGER PRIMARY KEY AUTOINCREMENT, sink TEXT NOT NULL, alert TEXT NOT NULL, notice BLOB NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL
      )
      """,
      "CREATE INDEX deliveries_in_order ON deliveries (sink, alert, number)"),
    // So that the oldest are found without looking at all that wait.
    Migration("CREATE INDEX deliveries_of_sink ON deliveries (sink, number)"),
  ]
}

/// Another monitor has taken the lead: what this one knows is not to be written any more.
struct LeaseLost: Error, CustomStringConvertible {
  let holder: String

  var description: String { "another monitor leads now: \(holder)" }
}
