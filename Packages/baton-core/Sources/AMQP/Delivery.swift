/// A message that a consumer received.
///
/// A class, since it goes from hand to hand: to copy the twenty parts of it cost more than to read them.
public final class Delivery: Sendable {
  /// The queue's consumer it came for.
  public let consumerTag: String
  /// The number of the delivery on its channel, to settle it by; of no meaning on any other channel.
  public let tag: UInt64
  public let redelivered: Bool
  public let exchange: String
  public let routingKey: String
  public let properties: Properties
  public let body: [UInt8]
  /// The size that the body had when it was sent. More than a mebibyte is not kept: then it is larger than `body.count`.
  public let bodySize: Int

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
