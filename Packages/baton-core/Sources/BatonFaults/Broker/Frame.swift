public import AMQP

/// A frame of AMQP 0-9-1, as it lies on the wire.
public struct Frame: Sendable, Hashable {
  public enum Kind: UInt8, Sendable {
    case method = 1
    case header = 2
    case body = 3
    case heartbeat = 8
  }

  /// The octet that ends every frame.
  static let end: UInt8 = 0xCE
  static let headerSize = 7

  public var kind: Kind
  public var channel: UInt16
  public var payload: [UInt8]

  public init(_ kind: Kind, channel: UInt16 = 0, payload: [UInt8] = []) {
    self.kind = kind
    self.channel = channel
    self.payload = payload
  }

  public static let heartbeat = Frame(.heartbeat)

  /// - Parameter fields: writes the method's fields.
  public static func method(_ id: MethodID, channel: UInt16 = 0, _ fields: (inout WireWriter) -> Void = { _ in })
    -> Frame
  {
    var writer = WireWriter()
    writer.short(id.classID)
    writer.short(id.number)
    fields(&writer)
    return Frame(.method, channel: channel, payload: writer.bytes)
  }

  /// The header of a message with a body of so many bytes and, of all properties, the headers.
  public static func header(bodySize: Int, headers: FieldTable = [:], channel: UInt16) -> Frame {
    var table = WireWriter()
    table.table(headers)
    return header(bodySize: bodySize, rawHeaders: table.bytes, channel: channel)
  }

  /// The same, with a table that was written by hand.
  public static func header(bodySize: Int, rawHeaders: [UInt8], channel: UInt16) -> Frame {
    var writer = WireWriter()
    writer.short(60)
    writer.short(0)
    writer.longLong(UInt64(bodySize))
    // The third flag from the top: headers.
    writer.short(0x2000)
    writer.raw(rawHeaders)
    return Frame(.header, channel: channel, payload: writer.bytes)
  }

  public static func body(_ bytes: some Sequence<UInt8>, channel: UInt16) -> Frame {
    Frame(.body, channel: channel, payload: Array(bytes))
  }

  /// Nil if it is no method.
  public var methodID: MethodID? {
    guard kind == .method, payload.count >= 4 else { return nil }
    return MethodID(UInt16(payload[0]) << 8 | UInt16(payload[1]), UInt16(payload[2]) << 8 | UInt16(payload[3]))
  }

  /// What a method says, behind its number.
  public var fields: WireReader { WireReader(payload.dropFirst(4)) }

  public var bytes: [UInt8] {
    var writer = WireWriter()
    writer.octet(kind.rawValue)
    writer.short(channel)
    writer.long(UInt32(payload.count))
    writer.raw(payload)
    writer.octet(Self.end)
    return writer.bytes
  }
}
