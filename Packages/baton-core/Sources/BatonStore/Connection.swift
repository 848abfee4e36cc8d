import CSQLite

/// An open database and its prepared statements. The only file that calls SQLite.
///
/// Not `Sendable`: the ``Store`` lends it to one thread at a time.
final class Connection {
  let path: String
  private let handle: OpaquePointer
  /// By their text: each is compiled once. There are as many as the program has literals.
  private var statements: [String: OpaquePointer] = [:]

  /// Opens a file that is there, or that may be made unless it is only to be read.
  ///
  /// The corresponding C function is `sqlite3_open_v2`.
  init(_ path: String, isReadOnly: Bool = false) throws(StoreError) {
    self.path = path
    var opened: OpaquePointer?
    // The store has a lock of its own.
    let access = isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let status = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    guard status == SQLITE_OK, let opened else {
      let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw StoreError(
        .init(status), "\(reason); see to the folder and its rights", while: "open the store", path: path)
    }
    handle = opened
    sqlite3_busy_timeout(handle, 5000)
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
  }

  /// Rows that the last statement changed.
  var changes: Int { Int(sqlite3_changes64(handle)) }

  /// Runs a statement with its values, hands each row to `receive`.
  ///
  /// The corresponding C functions are `sqlite3_bind_*`, `sqlite3_step` and `sqlite3_reset`.
  func run(_ sql: String, _ values: [any Storable], receive: (Row) throws -> Void = { _ in }) throws {
    let statement = try statement(for: sql)
    guard sqlite3_stmt_busy(statement) == 0 else {
      throw StoreError(.misuse, "its rows are still being read", while: "run '\(sql)'", path: path)
    }
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    guard sqlite3_bind_parameter_count(statement) == values.count else {
      throw StoreError(.misuse, "\(values.count) values are not what it takes", while: "run '\(sql)'", path: path)
    }
    for (index, value) in values.enumerated() {
      try check(bind(value.storeValue, to: Int32(index + 1), of: statement), sql)
    }
    var columns: [String] = []
    while true {
      let status = sqlite3_step(statement)
      if status == SQLITE_DONE { return }
      guard status == SQLITE_ROW else { throw error(status, sql) }
      if columns.isEmpty { columns = Self.columns(of: statement) }
      let cells = (0..<sqlite3_column_count(statement)).map { Self.value(in: statement, $0) }
      try receive(Row(columns: columns, values: cells, path: path))
    }
  }

  /// Compiles a statement, or takes the one that was.
  ///
  /// The corresponding C function is `sqlite3_prepare_v3`.
  private func statement(for sql: String) throws(StoreError) -> OpaquePointer {
    if let known = statements[sql] { return known }
    var statement: OpaquePointer?
    let status = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    try check(status, sql)
    guard let statement else { throw StoreError(.misuse, "it is empty", while: "run '\(sql)'", path: path) }
    statements[sql] = statement
    return statement
  }

  private func bind(_ value: StoreValue, to index: Int32, of statement: OpaquePointer) -> Int32 {
    switch value {
    case .null: return sqlite3_bind_null(statement, index)
    case .integer(let number): return sqlite3_bind_int64(statement, index, number)
    case .real(let number): return sqlite3_bind_double(statement, index, number)
    case .text(var text):
      return text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          baton_sqlite3_bind_text(statement, index, $0.baseAddress, UInt64($0.count))
        }
      }
    case .blob(let bytes):
      return bytes.withUnsafeBytes {
        // A null pointer would be NULL, not an empty blob.
        $0.isEmpty
          ? sqlite3_bind_zeroblob(statement, index, 0)
          : baton_sqlite3_bind_blob(statement, index, $0.baseAddress, UInt64($0.count))
      }
    }
  }

  private static func columns(of statement: OpaquePointer) -> [String] {
    (0..<sqlite3_column_count(statement)).map { index in
      sqlite3_column_name(statement, index).map { String(cString: $0) } ?? ""
    }
  }

  /// The corresponding C functions are `sqlite3_column_*`.
  private static func value(in statement: OpaquePointer, _ index: Int32) -> StoreValue {
    switch sqlite3_column_type(statement, index) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, index))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, index))
    case SQLITE_TEXT:
      let start = sqlite3_column_text(statement, index)
      let count = Int(sqlite3_column_bytes(statement, index))
      return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
    case SQLITE_BLOB:
      let start = sqlite3_column_blob(statement, index)
      let count = Int(sqlite3_column_bytes(statement, index))
      return .blob([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
    default: return .null
    }
  }

  private func check(_ status: Int32, _ sql: String) throws(StoreError) {
    guard status == SQLITE_OK else { throw error(status, sql) }
  }

  private func error(_ status: Int32, _ sql: String) -> StoreError {
    StoreError(.init(status), String(cString: sqlite3_errmsg(handle)), while: "run '\(sql)'", path: path)
  }
}

extension StoreError.Code {
  /// The primary code within an extended one.
  fileprivate init(_ status: Int32) { self.init(rawValue: Int(status & 0xFF)) }
}
