/// What a message says of itself beside its body: the properties of AMQP's basic class (section 1.8.3 of the reference).
public struct Properties: Sendable, Hashable {
  public var contentType: String?
  public var contentEncoding: String?
  public var headers: FieldTable = [:]
  /// Persistent messages survive a restart of the broker in a durable queue.
  public var deliveryMode: DeliveryMode?
  /// 0 to 9.
  public var priority: UInt8?
  public var correlationID: String?
  public var replyTo: String?
  /// How long the message may wait in a queue: milliseconds in decimal digits.
  public var expiration: String?
  public var messageID: String?
  /// Seconds since 1970.
  public var timestamp: UInt64?
  public var type: String?
  /// The broker refuses a message (406) whose user is not that of the connection.
  public var userID: String?
  public var appID: String?

  public init() {}

  public enum DeliveryMode: UInt8, Sendable {
    case transient = 1
    case persistent = 2
  }
}
