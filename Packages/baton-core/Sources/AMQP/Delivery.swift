/// A message that a consumer received.
public struct Delivery: Sendable, Hashable {
  /// The queue's consumer it came for.
  public var consumerTag: String
  /// The number of the delivery on its channel, to settle it by; of no meaning on any other channel.
  public var tag: UInt64
  public var redelivered: Bool
  public var exchange: String
  public var routingKey: String
  public var properties: Properties
  public var body: [UInt8]
  /// The size that the body had when it was sent. More than a mebibyte is not kept: then it is larger than `body.count`.
  public var bodySize: Int

  public init(
    consumerTag: String = "", tag: UInt64, redelivered: Bool = false, exchange: String, routingKey: String,
    properties: Properties = Properties(), body: [UInt8], bodySize: Int? = nil
  ) {
    self.consumerTag = consumerTag
    self.tag = tag
    self.redelivered = redelivered
    self.exchange = exchange
    self.routingKey = routingKey
    self.properties = properties
    self.body = body
    self.bodySize = bodySize ?? body.count
  }
}

/// What a consumer says of a delivery.
public enum Settlement: Sendable, Hashable {
  /// It is done with: `basic.ack`.
  case acknowledge
  /// It cannot be handled and goes to the queue's dead letters: `basic.reject` without requeue.
  case reject
  /// Give it to somebody again: `basic.reject` with requeue.
  case requeue
}
