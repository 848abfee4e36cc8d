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

  /// - Parameters:
  ///   - exchanges: the output exchanges to listen to: `baton_ping_out`.
  ///   - durable: how exchanges are declared where they are missing.
  public init(
    of exchanges: [String], queue: MonitorQueue, broker: any Broker, logger: Logger, durable: Bool = true,
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.exchanges = exchanges
    self.queue = queue
    self.broker = broker
    self.logger = logger
    self.durable = durable
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
    let recovery = Recovery(broker: broker, clock: clock, logger: logger, stop: stop)
    await recovery.run { channel in
      for deadLetters in [queue.deadLetters].compactMap({ $0 }) {
        _ = try await channel.declare(Topology(queue: deadLetters))
      }
      let topology = Topology(
        exchanges: exchanges.map { ExchangeDeclaration($0, durable: durable) }, queue: queue.declaration,
        bindings: exchanges.map { .init($0, .key("")) })
      let name = try await channel.declare(topology)
      let subscription = try await channel.consume(name, prefetch: Self.prefetch)
      logger.info("Listening", ["queue": name, "exchanges": exchanges.joined(separator: " ")])
      status(.listening(consumers: 1))
      let upkeep = Upkeep(of: [(topology, name)], on: channel, clock: clock)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await consume(subscription, handle) }
        group.addTask {
          try await stop.unlessStopped { try await upkeep.run() }
          try await subscription.cancel()
        }
        // Not `waitForAll`: that one waits for the others when one has failed.
        for try await _ in group {}
      }
    } report: { event in
      switch event {
      case .lost(let error): status(.disconnected(reason: "\(error)"))
      case .blocked(let reason): status(.blocked(reason: reason))
      case .unblocked: status(.listening(consumers: 1))
      }
    }
  }

  private func consume(
    _ subscription: Subscription, _ handle: @Sendable (AnyMessage) async throws -> Void
  ) async throws {
    for try await batch in subscription.deliveries {
      for delivery in batch {
        let message: AnyMessage
        do {
          message = try AnyMessage(delivery)
        } catch {
          logger.warning(
            "Unreadable message put aside",
            ["exchange": delivery.exchange, "reason": error.reason, "bytes": "\(delivery.bodySize)"])
          subscription.settle(delivery, .reject)
          continue
        }
        try await handle(message)
        subscription.settle(delivery, .acknowledge)
      }
    }
  }
}
