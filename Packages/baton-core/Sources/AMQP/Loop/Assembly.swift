import CRabbitMQ

/// Puts a message together from its frames: a method, a header, and as many body frames as the header says.
struct Assembly {
  /// Bytes of a body that are kept; the rest of a larger one is read and dropped.
  static let keptBytes = 1024 * 1024

  enum Start {
    case delivery(consumerTag: String, tag: UInt64, redelivered: Bool, exchange: String, routingKey: String)
    case returned(code: Int, reason: String, exchange: String, routingKey: String)
  }

  struct Content {
    let start: Start
    let properties: Properties
    let body: [UInt8]
    let bodySize: Int
  }

  private var start: Start?
  private var properties = Properties()
  private var body: [UInt8] = []
  private var bodySize = 0
  private var received = 0

  mutating func begin(_ start: Start) { self.start = start }

  /// A header frame; gives the message if it has no body.
  mutating func header(_ header: amqp_basic_properties_t, bodySize: UInt64) -> Content? {
    properties = Properties(header)
    self.bodySize = Int(clamping: bodySize)
    body = []
    body.reserveCapacity(min(self.bodySize, Self.keptBytes))
    received = 0
    return finished()
  }

  /// A body frame; gives the message if it was the last.
  mutating func append(_ fragment: amqp_bytes_t) -> Content? {
    let kept = min(fragment.len, Self.keptBytes - body.count)
    body.append(contentsOf: UnsafeRawBufferPointer(start: fragment.bytes, count: kept))
    received += fragment.len
    return finished()
  }

  private mutating func finished() -> Content? {
    guard received >= bodySize, let start else { return nil }
    self.start = nil
    defer { body = [] }
    return Content(start: start, properties: properties, body: body, bodySize: bodySize)
  }
}
