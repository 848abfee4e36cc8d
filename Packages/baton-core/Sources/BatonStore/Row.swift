/// One row of a result; its columns are asked for by name and type.
public struct Row: Sendable {
  let columns: [String]
  let values: [StoreValue]
  let path: String

  /// The value of a column; the type says what it must hold, an optional one that it may be NULL.
  ///
  /// Throws ``StoreError/Code/wrongType`` if it holds something else, or is not there.
  public func get<Value: Storable>(_ column: String, as type: Value.Type = Value.self) throws(StoreError) -> Value {
    guard let index = columns.firstIndex(of: column) else {
      throw StoreError(
        .wrongType, "there are only \(columns.joined(separator: ", "))", while: "read the column '\(column)'",
        path: path)
    }
    guard let value = Value(storeValue: values[index]) else {
      throw StoreError(
        .wrongType, "it holds \(values[index].kind), not a value of the type \(type)",
        while: "read the column '\(column)'", path: path)
    }
    return value
  }
}
