import Foundation
import TestSupport
import Testing

@testable import BatonStore

struct StoreTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path("store.sqlite") }

  private static let first = Migration(
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL, size REAL, raw BLOB)")

  init() throws { folder = try TemporaryFolder() }

  @Test("What a transaction has written is there after the store is opened anew")
  func keeps() throws {
    do {
      let store = try Store(path, migrations: [Self.first])
      let changed = try store.transaction {
        try $0.execute("INSERT INTO notes VALUES (?, ?, ?, ?)", 7, "grüß\0dich", 1.5, [UInt8]([0, 255]))
      }
      #expect(changed == 1)
    }
    let note = try Store(path, migrations: [Self.first]).read { database in
      try database.first("SELECT * FROM notes") { row in
        (
          try row.get("id", as: Int.self), try row.get("text", as: String.self), try row.get("size", as: Double?.self),
          try row.get("raw", as: [UInt8].self)
        )
      }
    }
    let (id, text, size, raw) = try #require(note)
    #expect(id == 7)
    #expect(text == "grüß\0dich")
    #expect(size == 1.5)
    #expect(raw == [0, 255])
  }

  @Test("Empty texts and blobs are not NULL, and NULL is nil")
  func empty() throws {
    let store = try Store(path, migrations: [Self.first])
    let isRight = try store.transaction { database in
      try database.execute("INSERT INTO notes VALUES (1, ?, ?, ?)", "", Double?.none, [UInt8]())
      return try database.first("SELECT text, size, raw FROM notes") { row in
        let size: Double? = try row.get("size")
        return try row.get("text", as: String.self).isEmpty && row.get("raw", as: [UInt8].self).isEmpty && size == nil
      }
    }
    #expect(isRight == true)
  }

  @Test("What throws in a transaction undoes all of it")
  func undone() throws {
    struct Stop: Error {}
    let store = try Store(path, migrations: [Self.first])
    #expect(throws: Stop.self) {
      try store.transaction { database in
        try database.execute("INSERT INTO notes (id, text) VALUES (1, 'x')")
        throw Stop()
      }
    }
    #expect(try store.read { try $0.rows("SELECT id FROM notes") { try $0.get("id", as: Int.self) } }.isEmpty)
    // And the store is as usable as before.
    try store.transaction { try $0.execute("INSERT INTO notes (id, text) VALUES (1, 'x')") }
  }

  @Test("Values are bound, and cannot become part of a statement")
  func injection() throws {
    let store = try Store(path, migrations: [Self.first])
    let hostile = "'); DROP TABLE notes; --"
    let found = try store.transaction { database in
      try database.execute("INSERT INTO notes (text) VALUES (?)", hostile)
      return try database.rows("SELECT text FROM notes WHERE text = ?", hostile) { try $0.get("text", as: String.self) }
    }
    #expect(found == [hostile])
  }

  @Test("A constraint that is broken is told by its code, with the statement and the file")
  func constraint() throws {
    let store = try Store(path, migrations: [Self.first])
    do {
      try store.transaction { try $0.execute("INSERT INTO notes (text) VALUES (?)", String?.none) }
      Issue.record("nothing was thrown")
    } catch StoreError.Code.constraint {
      return
    }
  }

  @Test("A column that is not there, or holds something else, is told by its name")
  func wrongType() throws {
    let store = try Store(path, migrations: [Self.first])
    try store.transaction { try $0.execute("INSERT INTO notes (text) VALUES ('x')") }
    for column in ["text", "absent"] {
      do {
        _ = try store.read { try $0.first("SELECT text FROM notes") { try $0.get(column, as: Int.self) } }
        Issue.record("nothing was thrown")
      } catch let error as StoreError {
        #expect(error.code == .wrongType)
        #expect("\(error)".contains("'\(column)'"))
      }
    }
  }

  @Test("A statement cannot be run again while its own rows are read")
  func nested() throws {
    let store = try Store(path, migrations: [Self.first])
    try store.transaction { try $0.execute("INSERT INTO notes (text) VALUES ('x')") }
    #expect(throws: StoreError.self) {
      try store.read { database in
        let connection = database.connection
        try connection.run("SELECT text FROM notes", []) { _ in try connection.run("SELECT text FROM notes", []) }
      }
    }
  }

  @Test("Migrations run once each, and later ones are added to a file that has the earlier")
  func migrations() throws {
    _ = try Store(path, migrations: [Self.first])
    let second = Migration("ALTER TABLE notes ADD COLUMN color TEXT")
    for _ in 1...2 {
      let store = try Store(path, migrations: [Self.first, second])
      #expect(
        try store.read { try $0.rows("SELECT color FROM notes") { try $0.get("color", as: String?.self) } }.isEmpty)
    }
  }

  @Test("A migration that fails leaves the file as it was")
  func failedMigration() throws {
    let bad = Migration("ALTER TABLE notes ADD COLUMN color TEXT", "ALTER TABLE absent ADD COLUMN x")
    _ = try Store(path, migrations: [Self.first])
    #expect(throws: StoreError.self) { _ = try Store(path, migrations: [Self.first, bad]) }
    let good = Migration("ALTER TABLE notes ADD COLUMN color TEXT")
    _ = try Store(path, migrations: [Self.first, good])
  }

  @Test("A file of a later version of the program is refused, not misread")
  func tooNew() throws {
    _ = try Store(path, migrations: [Self.first, Migration("CREATE TABLE more (id INTEGER)")])
    do {
      _ = try Store(path, migrations: [Self.first])
      Issue.record("nothing was thrown")
    } catch StoreError.Code.tooNew {
      return
    }
  }

  @Test("A file that is no database is told as such")
  func garbage() throws {
    try folder.write([UInt8](repeating: 0x41, count: 4096), to: "store.sqlite")
    do {
      _ = try Store(path, migrations: [Self.first])
      Issue.record("nothing was thrown")
    } catch StoreError.Code.notADatabase {
      return
    }
  }

  @Test("A folder that is not there is told with the path")
  func noFolder() throws {
    do {
      _ = try Store(folder.path("absent/x.sqlite"), migrations: [])
      Issue.record("nothing was thrown")
    } catch let error as StoreError {
      #expect(error.code == .cannotOpen)
      #expect("\(error)".contains("absent/x.sqlite"))
    }
  }

  @Test("It is durable and private: write-ahead log, synchronous FULL, readable by its owner alone")
  func pragmas() throws {
    let store = try Store(path, migrations: [Self.first])
    let settings = try store.read { database in
      var settings: [StoreValue] = []
      for pragma in ["journal_mode", "synchronous", "foreign_keys"] {
        try database.connection.run("PRAGMA \(pragma)", []) { settings += $0.values }
      }
      return settings
    }
    #expect(settings == [.text("wal"), .integer(2), .integer(1)])
    try store.transaction { try $0.execute("INSERT INTO notes (text) VALUES ('x')") }
    for file in [path, path + "-wal"] {
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  @Test("A database is checked while it is open, and one with a spoilt page is found out")
  func checked() throws {
    do {
      let store = try Store(path, migrations: [Self.first])
      try store.transaction {
        for number in 1...1000 { try $0.execute("INSERT INTO notes (text) VALUES (?)", "note \(number)") }
      }
      try Store.check(path)
    }
    try Store.check(path)
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try file.seek(toOffset: 4096)
    try file.write(contentsOf: [UInt8](repeating: 0xFF, count: 2048))
    try file.close()
    #expect(throws: StoreError.self) { try Store.check(path) }
  }

  @Test("Many tasks at once take turns")
  func concurrent() async throws {
    let store = try Store(path, migrations: [Self.first])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...50 {
        group.addTask {
          _ = try store.transaction { try $0.execute("INSERT INTO notes (text) VALUES (?)", "\(number)") }
        }
      }
      try await group.waitForAll()
    }
    let count = try store.read { try $0.first("SELECT count(*) AS n FROM notes") { try $0.get("n", as: Int.self) } }
    #expect(count == 50)
  }
}
