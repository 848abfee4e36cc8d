/// A message on its way to an exchange.
public struct Publishing: Sendable, Hashable {
  public var exchange: String
  /// At most 255 bytes.
  public var routingKey: String
  /// Have the broker return the message when no queue takes it.
  public var mandatory: Bool
  public var properties: Properties
  public var body: [UInt8]

  public init(
    exchange: String, routingKey: String, mandatory: Bool = false, properties: Properties = Properties(), body: [UInt8]
  ) {
    self.exchange = exchange
    self.routingKey = routingKey
    self.mandatory = mandatory
    self.properties = properties
    self.body = body
  }
}

/// What became of a published message, as the broker says it.
public enum Confirm: Sendable, Hashable {
  /// The broker took it over (`basic.ack`).
  case accepted
  /// No queue wanted it (`basic.return`, then `basic.ack`): with the broker's code and words.
  case returned(code: Int, reason: String)
  /// The broker could not take it over (`basic.nack`).
  case refused
}
