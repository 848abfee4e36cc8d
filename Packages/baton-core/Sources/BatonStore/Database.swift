/// An open database, lent for the time of a closure: ``Store/transaction(_:)`` gives one.
///
/// Statements are literals, so that nothing from outside can become part of one: values are bound to its question marks.
public struct Database: ~Copyable {
  let connection: Connection

  /// Runs a statement and gives the number of rows that it changed.
  @discardableResult
  public func execute(_ sql: StaticString, _ values: any Storable...) throws -> Int {
    try connection.run("\(sql)", values)
    return connection.changes
  }

  /// Runs a query and gives what `make` makes of each row.
  public func rows<Value>(_ sql: StaticString, _ values: any Storable..., as make: (Row) throws -> Value) throws
    -> [Value]
  {
    var rows: [Value] = []
    try connection.run("\(sql)", values) { rows.append(try make($0)) }
    return rows
  }

  /// Runs a query and gives what `make` makes of its first row; nil if there is none.
  public func first<Value>(_ sql: StaticString, _ values: any Storable..., as make: (Row) throws -> Value) throws
    -> Value?
  {
    var first: Value?
    try connection.run("\(sql)", values) { row in
      if first == nil { first = try make(row) }
    }
    return first
  }
}
