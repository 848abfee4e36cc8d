import AMQP

/// A channel on a connection of its own to RabbitMQ.
final class RabbitMQChannel: Channel {
  private let connection: Connection
  private let options: ConnectionOptions
  /// The channel that publishes and consumes; another takes its place when the broker closed it over a declaration.
  private let current: Locked<AMQP.Channel>

  init(connection: Connection, options: ConnectionOptions) async throws {
    self.connection = connection
    self.options = options
    current = Locked(try await connection.channel(performing: [.confirmSelect]))
  }

  var address: String? { "\(options.endpoint)" }

  var executor: (any TaskExecutor)? { connection.executor }

  var blocked: String? { connection.blocked }

  func blocked(otherThan known: String?) async throws -> String? { try await connection.blocked(otherThan: known) }

  func declare(_ topology: Topology) async throws -> String {
    try await findOrDeclare(topology.exchanges)
    guard let queue = topology.queue else { return "" }
    if queue.name.isEmpty, !topology.bindings.contains(where: { $0.key == .key("") }) {
      // In one round trip: a bind that names no queue is of the one just declared, and one with no key either has that queue's name
      // for a key (AMQP 0-9-1, `queue.bind`).
      return try await perform([.declareQueue(queue)] + binds(of: "", to: topology)).first?.name ?? ""
    }
    let name = try await declare(queue)
    try await perform(binds(of: name, to: topology))
    return name
  }

  func keepBound(_ topologies: [Topology]) throws {
    try channel.keepUp(topologies.flatMap { topology in binds(of: topology.queue?.name ?? "", to: topology) })
  }

  func publish(_ messages: [Publishing], confirms: Promise<[Confirm]>) {
    channel.publish(messages, confirms: confirms)
  }

  func consume(_ queue: String, prefetch: Int) async throws -> Subscription {
    let channel = channel
    let (tag, deliveries) = try await channel.consume(queue, prefetch: UInt16(clamping: prefetch))
    return Subscription(deliveries: deliveries) {
      channel.settle($0, $1)
    } cancel: {
      try await channel.perform([.cancelConsumer(tag: tag)])
    }
  }

  func close() async { await connection.close() }

  // MARK: - Declaring

  private func binds(of queue: String, to topology: Topology) -> [Method] {
    topology.bindings.map { binding in
      let key = if case .key(let key) = binding.key { key } else { queue }
      return .bind(queue: queue, exchange: binding.exchange, routingKey: key)
    }
  }

  private var channel: AMQP.Channel { current.withLock { $0 } }

  /// Looks for all of them in one round trip; only where one is missing are they declared, one by one.
  private func findOrDeclare(_ exchanges: [ExchangeDeclaration]) async throws {
    guard try await !areThere(exchanges) else { return }
    for exchange in exchanges {
      if try await !areThere([exchange]) { try await declare(exchange) }
    }
  }

  /// Looks on a channel of its own: the broker closes it over one that is missing, and with it would go what ours consumes.
  private func areThere(_ exchanges: [ExchangeDeclaration]) async throws -> Bool {
    guard !exchanges.isEmpty else { return true }
    let passive = exchanges.map { exchange -> Method in
      var exchange = exchange
      exchange.passive = true
      return .declareExchange(exchange)
    }
    do {
      _ = try await connection.channel(performing: passive)
      return true
    } catch AMQPError.Code.notFound {
      return false
    }
  }

  private func declare(_ exchange: ExchangeDeclaration) async throws {
    do {
      try await perform([.declareExchange(exchange)])
    } catch let error as AMQPError where error.code == .accessRefused {
      throw AMQPError(
        error.code,
        "\(error.reason). It is missing, and this user may not make it; 'baton broker-setup' prints what an administrator types",
        while: error.action)
    }
  }

  /// Declares a queue; one that others made is taken as it is where we lack the right to declare it.
  private func declare(_ queue: QueueDeclaration) async throws -> String {
    do {
      return try await perform([.declareQueue(queue)]).first?.name ?? queue.name
    } catch AMQPError.Code.accessRefused where !queue.name.isEmpty {
      var passive = queue
      passive.passive = true
      return try await perform([.declareQueue(passive)]).first?.name ?? queue.name
    } catch let error as AMQPError where error.code == .preconditionFailed {
      throw AMQPError(
        error.code,
        "\(error.reason). It was declared in another way, which cannot be changed; if nobody needs what is in it, "
          + "'rabbitmqctl delete_queue \(queue.name)' removes it, and it is made anew", while: error.action)
    }
  }

  /// Performs methods; if the broker closes the channel over them, opens another one before throwing on.
  @discardableResult
  private func perform(_ methods: [Method]) async throws -> [QueueStatus] {
    do {
      return try await channel.perform(methods)
    } catch let error as AMQPError where !error.code.endsConnection {
      let channel = try await connection.channel(performing: [.confirmSelect])
      current.withLock { $0 = channel }
      throw error
    }
  }
}

extension AMQPError.Code {
  /// Whether it is the connection that is over, rather than one channel of it.
  fileprivate var endsConnection: Bool {
    switch self {
    case .connectionLost, .timedOut, .closed, .connectionForced, .internalError, .unreachable: true
    default: false
    }
  }
}
