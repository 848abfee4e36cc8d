import AMQP

/// A service at work on a host: bound to the input exchange, answering on the output exchange, for ever.
public struct Agent: Sendable {
  /// Unsettled requests to each consumer, and so the handlers of it that run at once.
  public static let prefetch = 64

  public let service: any Service
  public let server: Server
  private let broker: any Broker
  private let clock: any Clock<Duration>
  private let logger: Logger
  private let exchanges: ExchangeNames
  private let durable: Bool
  private let observers: [any Observer]
  /// How long handlers may go on after a stop.
  private let patience: Duration

  /// - Parameters:
  ///   - observers: those beside the output exchange, which is always one.
  ///   - durable: how the exchanges are declared where they are missing.
  public init(
    _ service: any Service, on server: Server, broker: any Broker, observers: [any Observer] = [], logger: Logger,
    durable: Bool = true, patience: Duration = .seconds(10), clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.service = service
    self.server = server
    self.broker = broker
    self.observers = observers
    self.logger = logger
    self.durable = durable
    self.patience = patience
    self.clock = clock
    exchanges = ExchangeNames(service.name)
  }

  /// What becomes of the connection, for a status line and a service manager.
  public enum Status: Sendable, Equatable {
    /// Every queue is bound and consumed.
    case listening(consumers: Int)
    case disconnected(reason: String)
    /// Connected, but the broker takes no messages: an alarm, in its own words. Then comes `listening` again.
    case blocked(reason: String)
  }

  /// Serves until the stop is requested: then no more requests are taken, handlers at work may end, and `down` is said.
  public func run(until stop: StopSignal, status: @escaping @Sendable (Status) -> Void = { _ in }) async {
    let outbox = Outbox(exchange: exchanges.output, appID: service.name, logger: logger)
    let pool = HandlerPool()
    let managers = service.consumers(on: server).map {
      ConsumerManager(consumer: $0, server: server, observers: observers + [outbox], logger: logger)
    }
    let recovery = Recovery(broker: broker, clock: clock, logger: logger, stop: stop)
    let served = await recovery.run { channel in
      try await serve(managers, outbox: outbox, pool: pool, on: channel, until: stop, status: status)
    } report: { event in
      switch event {
      case .lost(let error): status(.disconnected(reason: "\(error)"))
      case .blocked(let reason): status(.blocked(reason: reason))
      case .unblocked: status(.listening(consumers: managers.count))
      }
    }
    if !served { await pool.drain(limit: patience, clock: clock) }
  }

  private func serve(
    _ managers: [ConsumerManager], outbox: Outbox, pool: HandlerPool, on channel: any Channel, until stop: StopSignal,
    status: @Sendable (Status) -> Void
  ) async throws {
    var subscriptions: [(ConsumerManager, Subscription)] = []
    for manager in managers {
      let queue = try await channel.declare(topology(for: manager))
      subscriptions.append((manager, try await channel.consume(queue, prefetch: Self.prefetch)))
    }
    await say(Up(), to: outbox)
    logger.info("Listening", ["keys": managers.flatMap(\.routingKeys).sorted().joined(separator: " ")])
    status(.listening(consumers: managers.count))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await outbox.pump(into: channel) }
      for (manager, subscription) in subscriptions {
        group.addTask { try await manager.run(subscription, on: pool) }
      }
      group.addTask { [subscriptions] in
        try await stop.wait()
        for (_, subscription) in subscriptions { try await subscription.cancel() }
        await pool.drain(limit: patience, clock: clock)
        await say(Down(), to: outbox)
        outbox.close()
      }
      // Not `waitForAll`: that one waits for the others when one has failed.
      for try await _ in group {}
    }
  }

  private func topology(for manager: ConsumerManager) -> Topology {
    Topology(
      exchanges: exchanges.declarations(durable: durable), queue: .serverNamed,
      bindings: manager.routingKeys.sorted().map { .init(exchanges.input, .key($0)) })
  }

  private func say<M: Message>(_ message: M, to outbox: Outbox) async {
    do {
      let output = try Output(message, from: server)
      for observer in observers { await observer.observe(output) }
      await outbox.observe(output)
    } catch {
      logger.error("Cannot encode a message", ["type": M.type, "error": "\(error)"])
    }
  }
}
