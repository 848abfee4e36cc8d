public import AMQP

/// What must be there before a message can go its way.
public struct Topology: Sendable, Hashable {
  /// A queue's tie to an exchange.
  public struct Binding: Sendable, Hashable {
    public enum Key: Sendable, Hashable {
      case key(String)
      /// The name of the queue itself, known only once the broker has chosen it.
      case queueName
    }

    public var exchange: String
    public var key: Key

    public init(_ exchange: String, _ key: Key) {
      self.exchange = exchange
      self.key = key
    }
  }

  public var exchanges: [ExchangeDeclaration]
  public var queue: QueueDeclaration?
  public var bindings: [Binding]

  public init(exchanges: [ExchangeDeclaration] = [], queue: QueueDeclaration? = nil, bindings: [Binding] = []) {
    self.exchanges = exchanges
    self.queue = queue
    self.bindings = bindings
  }
}

/// The two exchanges of an extension.
public struct ExchangeNames: Sendable, Hashable {
  /// Requests are published here.
  public let input: String
  /// Answers, progress and errors come out here.
  public let output: String

  /// `baton_ping` has `baton_ping_in` and `baton_ping_out`.
  public init(_ name: String) {
    input = "\(name)_in"
    output = "\(name)_out"
  }

  func declarations(durable: Bool) -> [ExchangeDeclaration] {
    [ExchangeDeclaration(input, durable: durable), ExchangeDeclaration(output, durable: durable)]
  }
}
