public import AMQP

/// Writes AMQP's data types by hand, so that they can also be written wrongly.
public struct WireWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func octet(_ value: UInt8) { bytes.append(value) }
  public mutating func short(_ value: UInt16) { integer(value) }
  public mutating func long(_ value: UInt32) { integer(value) }
  public mutating func longLong(_ value: UInt64) { integer(value) }
  public mutating func raw(_ more: [UInt8]) { bytes += more }

  /// At most 255 bytes.
  public mutating func shortString(_ text: String) {
    octet(UInt8(text.utf8.count))
    bytes += text.utf8
  }

  public mutating func longString(_ text: String) {
    long(UInt32(text.utf8.count))
    bytes += text.utf8
  }

  public mutating func table(_ table: FieldTable) {
    sized { inner in
      for (key, value) in table {
        inner.shortString(key)
        inner.field(value)
      }
    }
  }

  private mutating func field(_ value: FieldValue) {
    switch value {
    case .bool(let bool): tagged("t") { $0.octet(bool ? 1 : 0) }
    case .int(let int): tagged("l") { $0.longLong(UInt64(bitPattern: int)) }
    case .double(let double): tagged("d") { $0.longLong(double.bitPattern) }
    case .string(let text): tagged("S") { $0.longString(text) }
    case .bytes(let data): tagged("x") { $0.sized { $0.raw(data) } }
    case .timestamp(let seconds): tagged("T") { $0.longLong(seconds) }
    case .array(let values): tagged("A") { $0.sized { inner in for value in values { inner.field(value) } } }
    case .table(let inner): tagged("F") { $0.table(inner) }
    case .void: tagged("V") { _ in }
    }
  }

  private mutating func tagged(_ tag: Unicode.Scalar, _ body: (inout WireWriter) -> Void) {
    octet(UInt8(ascii: tag))
    body(&self)
  }

  /// The size in 32 bits, and then what is written inside.
  private mutating func sized(_ body: (inout WireWriter) -> Void) {
    var inner = WireWriter()
    body(&inner)
    long(UInt32(inner.bytes.count))
    bytes += inner.bytes
  }

  private mutating func integer(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
  }
}
