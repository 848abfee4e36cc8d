/// A method of AMQP that a channel sends and the broker replies to.
///
/// Several can be sent before the first reply is awaited: see ``Channel/perform(_:)``.
public enum Method: Sendable, Hashable {
  case declareExchange(ExchangeDeclaration)
  case declareQueue(QueueDeclaration)
  case bind(queue: String, exchange: String, routingKey: String)
  case unbind(queue: String, exchange: String, routingKey: String)
  case deleteExchange(String)
  case deleteQueue(String)
  case purgeQueue(String)
  /// At most so many unsettled deliveries to each consumer that starts afterwards; never for the whole channel, which RabbitMQ 4.3
  /// refuses.
  case prefetch(UInt16)
  /// Have the broker confirm each message published on this channel from now on.
  case confirmSelect
  case cancelConsumer(tag: String)
}

/// An exchange to make, or (passive) to look for.
public struct ExchangeDeclaration: Sendable, Hashable {
  public var name: String
  public var type: String
  /// Only look whether it is there: nothing of it is compared.
  public var passive: Bool
  public var durable: Bool
  public var autoDelete: Bool
  public var arguments: FieldTable

  public init(
    _ name: String, type: String = "direct", passive: Bool = false, durable: Bool = true, autoDelete: Bool = false,
    arguments: FieldTable = [:]
  ) {
    self.name = name
    self.type = type
    self.passive = passive
    self.durable = durable
    self.autoDelete = autoDelete
    self.arguments = arguments
  }
}

/// A queue to make, or (passive) to look for.
public struct QueueDeclaration: Sendable, Hashable {
  /// Empty: the broker chooses a name and tells it.
  public var name: String
  public var passive: Bool
  public var durable: Bool
  /// Of this connection alone, gone with it.
  public var exclusive: Bool
  public var autoDelete: Bool
  public var arguments: FieldTable

  public init(
    _ name: String, passive: Bool = false, durable: Bool = true, exclusive: Bool = false, autoDelete: Bool = false,
    arguments: FieldTable = [:]
  ) {
    self.name = name
    self.passive = passive
    self.durable = durable
    self.exclusive = exclusive
    self.autoDelete = autoDelete
    self.arguments = arguments
  }

  /// A queue of this connection alone, named by the broker.
  public static let serverNamed = QueueDeclaration("", durable: false, exclusive: true, autoDelete: true)
}

/// What a declaration of a queue tells.
public struct QueueStatus: Sendable, Hashable {
  public var name: String
  /// Messages ready to be delivered.
  public var messageCount: Int
  public var consumerCount: Int
}

extension Method: CustomStringConvertible {
  /// In words that follow "could not".
  public var description: String {
    switch self {
    case .declareExchange(let exchange):
      exchange.passive ? "find exchange '\(exchange.name)'" : "declare exchange '\(exchange.name)'"
    case .declareQueue(let queue):
      if queue.name.isEmpty { "declare a queue" } else { "\(queue.passive ? "find" : "declare") queue '\(queue.name)'" }
    case .bind(let queue, let exchange, let key):
      "bind \(queue.isEmpty ? "its queue" : "queue '\(queue)'") to '\(exchange)'\(key.isEmpty ? "" : " with key '\(key)'")"
    case .unbind(let queue, let exchange, let key): "unbind queue '\(queue)' from '\(exchange)' with key '\(key)'"
    case .deleteExchange(let name): "delete exchange '\(name)'"
    case .deleteQueue(let name): "delete queue '\(name)'"
    case .purgeQueue(let name): "purge queue '\(name)'"
    case .prefetch: "set the prefetch"
    case .confirmSelect: "turn on publisher confirms"
    case .cancelConsumer(let tag): "cancel consumer '\(tag)'"
    }
  }
}
