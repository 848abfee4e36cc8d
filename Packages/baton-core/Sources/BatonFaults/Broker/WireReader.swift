/// Reads AMQP's data types from the fields of a method, in their order.
public struct WireReader: Sendable {
  private var rest: ArraySlice<UInt8>

  public init(_ bytes: some Sequence<UInt8>) { rest = ArraySlice(bytes) }

  public mutating func octet() throws -> UInt8 { try integer() }
  public mutating func short() throws -> UInt16 { try integer() }
  public mutating func long() throws -> UInt32 { try integer() }
  public mutating func longLong() throws -> UInt64 { try integer() }

  public mutating func shortString() throws -> String {
    String(decoding: try take(Int(try octet())), as: UTF8.self)
  }

  private mutating func integer<Value: FixedWidthInteger>() throws -> Value {
    try take(MemoryLayout<Value>.size).reduce(0) { $0 << 8 | Value($1) }
  }

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard rest.count >= count else { throw FakeBroker.Surprise("the client's method ends too early") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}
