import AMQP

/// Consumes output exchanges and does something with what comes out.
public struct Monitor: Sendable {
  /// Unsettled messages at once.
  public static let prefetch = 500

  private let exchanges: [String]
  private let queue: MonitorQueue
  private let broker: any Broker
  private let clock: any Clock<Duration>
  private let logger: Logger
  private let durable: Bool
  private let hasOwnExchange: Bool
  private let targets: [String]

  /// - Parameters:
  ///   - exchanges: the output exchanges to listen to: `baton_ping_out`.
  ///   - durable: how exchanges are declared where they are missing.
  ///   - hasOwnExchange: also listens to an exchange of the queue's own name: what is published there, under the empty key, reaches
  ///     whichever monitor the broker gives the queue's messages to.
  ///   - targets: exchanges that what runs beside publishes to; they are seen to before anything is consumed, because a declaration
  ///     that the broker refuses takes the channel with it, and its consumers.
  public init(
    of exchanges: [String], queue: MonitorQueue, broker: any Broker, logger: Logger, durable: Bool = true,
    hasOwnExchange: Bool = false, targets: [String] = [], clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.exchanges = exchanges
    self.queue = queue
    self.broker = broker
    self.logger = logger
    self.durable = durable
    self.hasOwnExchange = hasOwnExchange
    self.targets = targets
    self.clock = clock
  }

  /// Hands each message to `handle` until the stop is requested; for ever otherwise.
  ///
  /// A message is acknowledged when `handle` returns; when it throws, the message stays on the queue, and everything begins anew.
  /// One that cannot be read is rejected, into the queue's dead letters.
  public func run(
    until stop: StopSignal, status: @escaping @Sendable (Agent.Status) -> Void = { _ in },
    _ handle: @escaping @Sendable (AnyMessage) async throws -> Void
  ) async {
    await serve(until: stop, prefetch: Self.prefetch, status: status) { _, _ in
    } receive: { batch, settle in
      for (delivery, message) in batch {
        try await handle(message)
        settle(delivery)
      }
    }
  }

  /// Hands what has come since the last look to `handle`, all at once, until the stop is requested: who writes to a disk waits for it
  /// once for all of them.
  ///
  /// The messages are acknowledged when `handle` returns; when it throws, all of them stay on the queue, and everything begins anew.
  /// - Parameters:
  ///   - prefetch: unacknowledged messages at once, and so the most in a batch.
  ///   - beside: what else is to be done while the queue is consumed, on the same channel, from each new beginning on. It is cancelled
  ///     at the end; when it throws, everything begins anew. It is told the queue's name.
  public func run(
    until stop: StopSignal, prefetch: Int, status: @escaping @Sendable (Agent.Status) -> Void = { _ in },
    beside: @escaping @Sendable (any Channel, String) async throws -> Void = { _, _ in },
    batches handle: @escaping @Sendable ([AnyMessage]) async throws -> Void
  ) async {
    await serve(until: stop, prefetch: prefetch, status: status, beside: beside) { batch, settle in
      guard !batch.isEmpty else { return }
      try await handle(batch.map(\.message))
      for (delivery, _) in batch { settle(delivery) }
    }
  }

  private typealias Batch = [(delivery: Delivery, message: AnyMessage)]

  private func serve(
    until stop: StopSignal, prefetch: Int, status: @escaping @Sendable (Agent.Status) -> Void,
    beside: @escaping @Sendable (any Channel, String) async throws -> Void,
    receive: @escaping @Sendable (Batch, _ acknowledge: (Delivery) -> Void) async throws -> Void
  ) async {
    let recovery = Recovery(broker: broker, clock: clock, logger: logger, stop: stop)
    await recovery.run { channel in
      for deadLetters in [queue.deadLetters].compactMap({ $0 }) {
        _ = try await channel.declare(Topology(queue: deadLetters))
      }
      let exchanges = exchanges + (hasOwnExchange ? [queue.declaration.name] : [])
      var topology = Topology(
        exchanges: (exchanges + targets).map { ExchangeDeclaration($0, durable: durable) }, queue: queue.declaration,
        bindings: exchanges.map { .init($0, .key("")) })
      let name = try await channel.declare(topology)
      let subscription = try await channel.consume(name, prefetch: prefetch)
      logger.info("Listening", ["queue": name, "exchanges": exchanges.joined(separator: " ")])
      status(.listening(consumers: 1, at: channel.address))
      topology.queue?.name = name
      try channel.keepBound([topology])
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await consume(subscription, receive)
          throw Consumed()
        }
        group.addTask {
          try await stop.wait()
          // A queue may go with its last consumer, and then it would be missed.
          try channel.keepBound([])
          try await subscription.cancel()
        }
        group.addTask { try await beside(channel, name) }
        // Not `waitForAll`: that one waits for the others when one has failed.
        do { for try await _ in group {} } catch is Consumed {}
        group.cancelAll()
      }
    } report: { event in
      switch event {
      case .lost(let error): status(.disconnected(reason: "\(error)"))
      case .blocked(let reason): status(.blocked(reason: reason))
      case .unblocked(let address): status(.listening(consumers: 1, at: address))
      }
    }
  }

  /// Nothing more will come: what runs beside is to end.
  private struct Consumed: Error {}

  private func consume(
    _ subscription: Subscription, _ receive: @Sendable (Batch, _ acknowledge: (Delivery) -> Void) async throws -> Void
  ) async throws {
    for try await deliveries in subscription.deliveries {
      var batch: Batch = []
      for delivery in deliveries {
        do {
          batch.append((delivery, try AnyMessage(delivery)))
        } catch {
          logger.warning(
            "Unreadable message put aside",
            ["exchange": delivery.exchange, "reason": error.reason, "bytes": "\(delivery.bodySize)"])
          subscription.settle(delivery, .reject)
        }
      }
      try await receive(batch) { subscription.settle($0, .acknowledge) }
    }
  }
}
