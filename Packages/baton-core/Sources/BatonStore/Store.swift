import AMQP

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A small database in a file, for what must not be forgotten: what a ``transaction(_:)`` has written is on disk when it returns,
/// also if the machine loses power the moment after.
///
/// SQLite with a write-ahead log and `synchronous=FULL`. Calls are short and block the caller's thread; several callers take turns.
public final class Store: Sendable {
  public let path: String
  private let connection: Locked<Connection>

  /// Opens the file, or makes it, readable by its owner alone, and brings its tables up to date.
  ///
  /// - Parameter migrations: what the versions of the program have added, oldest first. What has been published is never changed:
  ///   a new version adds one at the end. How many a file has seen is its `user_version`.
  public init(_ path: String, migrations: [Migration]) throws {
    self.path = path
    try Self.prepare(path)
    let connection = try Connection(path)
    try connection.configure()
    try connection.migrate(migrations)
    self.connection = Locked(connection)
  }

  /// Reads a whole database without changing it, and throws what is wrong with it; also while somebody else has it open.
  ///
  /// The corresponding statement is `PRAGMA quick_check` (<https://www.sqlite.org/pragma.html#pragma_quick_check>).
  public static func check(_ path: String) throws {
    let connection = try Connection(path, isReadOnly: true)
    var problems: [String] = []
    try connection.run("PRAGMA quick_check(1)", []) { problems.append(try $0.get("quick_check")) }
    guard problems == ["ok"] else {
      throw StoreError(.corrupt, problems.joined(separator: "; "), while: "check the store", path: path)
    }
  }

  /// One or more statements of which all happen or none: what `body` throws undoes them, and is thrown on.
  ///
  /// Do not call the store itself from within: it would wait for itself.
  @discardableResult
  public func transaction<Value>(_ body: (borrowing Database) throws -> Value) throws -> Value {
    try connection.withLock { connection in try connection.transaction(body) }
  }

  /// Queries that see one state of the database, and write nothing.
  public func read<Value>(_ body: (borrowing Database) throws -> Value) throws -> Value {
    try connection.withLock { connection in try connection.transaction(body, begin: "BEGIN DEFERRED") }
  }

  /// The write-ahead log and the shared memory beside the file get the file's own rights from SQLite.
  private static func prepare(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError(
        .cannotOpen, "\(String(cString: strerror(errno))); see to the folder and its rights", while: "open the store",
        path: path)
    }
    close(descriptor)
  }
}

/// What a version of a program adds to a store's tables.
public struct Migration: Sendable {
  let statements: [StaticString]

  public init(_ statements: StaticString...) { self.statements = statements }
}

extension Connection {
  fileprivate func configure() throws {
    try run("PRAGMA journal_mode = WAL", [])
    try run("PRAGMA synchronous = FULL", [])
    try run("PRAGMA foreign_keys = ON", [])
    // What a foreign hand may have put into the schema does not run.
    try run("PRAGMA trusted_schema = OFF", [])
  }

  fileprivate func migrate(_ migrations: [Migration]) throws {
    var version = 0
    try run("PRAGMA user_version", []) { version = try $0.get("user_version") }
    guard version <= migrations.count else {
      throw StoreError(
        .tooNew,
        "its version is \(version), and this program knows \(migrations.count); run the later program, "
          + "or move the file away", while: "use the store", path: path)
    }
    for (index, migration) in migrations.enumerated().dropFirst(version) {
      try transaction { database in
        for statement in migration.statements { try database.connection.run("\(statement)", []) }
        // A pragma takes no bound values; the number is our own.
        try database.connection.run("PRAGMA user_version = \(index + 1)", [])
      }
    }
  }

  fileprivate func transaction<Value>(
    _ body: (borrowing Database) throws -> Value, begin: String = "BEGIN IMMEDIATE"
  ) throws -> Value {
    try run(begin, [])
    do {
      // A value of its own: the optimizer of Swift 6.3 crashes on one that is made in the call.
      let database = Database(connection: self)
      let value = try body(database)
      try run("COMMIT", [])
      return value
    } catch {
      // Where SQLite has undone it already this fails, and the first error is the one that matters.
      try? run("ROLLBACK", [])
      throw error
    }
  }
}
