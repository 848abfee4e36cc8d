/// A value in a table of AMQP: a message header or an argument of a declaration.
///
/// The types are those that RabbitMQ reads and writes (its errata to section 4.2.1 of the specification).
public enum FieldValue: Sendable, Hashable {
  case bool(Bool)
  /// Every whole number of the wire, whatever its width; written as 64 bits.
  case int(Int64)
  case double(Double)
  case string(String)
  /// Bytes that are not UTF-8, and the wire's byte arrays.
  case bytes([UInt8])
  /// Seconds since 1970.
  case timestamp(UInt64)
  case array([FieldValue])
  case table(FieldTable)
  case void
}

/// Names to values; a name has 1 to 255 bytes.
public typealias FieldTable = [String: FieldValue]

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// The text, where it is one.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The number, where it is a whole one.
  public var int: Int64? {
    if case .int(let number) = self { number } else { nil }
  }
}
