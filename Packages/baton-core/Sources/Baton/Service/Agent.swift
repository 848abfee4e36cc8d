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
  private let journal: (any OutboxJournal)?
  /// How long handlers may go on after a stop.
  private let patience: Duration

  /// - Parameters:
  ///   - observers: those beside the output exchange, which is always one.
  ///   - durable: how the exchanges are declared where they are missing.
  ///   - journal: keeps what is said and not yet confirmed beyond the life of the process; nil keeps it in memory.
  public init(
    _ service: any Service, on server: Server, broker: any Broker, observers: [any Observer] = [], logger: Logger,
    durable: Bool = true, journal: (any OutboxJournal)? = nil, patience: Duration = .seconds(10),
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.service = service
    self.server = server
    self.broker = broker
    self.observers = observers
    self.logger = logger
    self.durable = durable
    self.journal = journal
    self.patience = patience
    self.clock = clock
    exchanges = ExchangeNames(service.name)
  }

  /// What becomes of the connection, for a status line and a service manager.
  public enum Status: Sendable, Equatable {
    /// Every queue is bound and consumed, on the broker at this address.
    case listening(consumers: Int, at: String? = nil)
    case disconnected(reason: String)
    /// Connected, but the broker takes no messages: an alarm, in its own words. Then comes `listening` again.
    case blocked(reason: String)
  }

  /// Serves until the stop is requested: then no more requests are taken, handlers at work may end, and `down` is said.
  ///
  /// - Parameter renewal: replaces the service on the way.
  public func run(
    until stop: StopSignal, renewal: Renewal? = nil, status: @escaping @Sendable (Status) -> Void = { _ in }
  ) async {
    let renewal = renewal ?? Renewal(service)
    let outbox = Outbox(exchange: exchanges.output, appID: service.name, journal: journal, logger: logger) {
      [server] ids in
      for consumer in renewal.current.service.consumers(on: server) { for id in ids { consumer.confirmed(id) } }
    }
    let voice = Voice(server: server, logger: logger, observers: observers + [outbox])
    let pool = HandlerPool()
    for consumer in service.consumers(on: server) { pool.run { await consumer.begin(with: voice) } }
    let recovery = Recovery(broker: broker, clock: clock, logger: logger, stop: stop)
    while !stop.isRequested, !Task.isCancelled {
      let served = await recovery.run { channel in
        let (service, next) = renewal.current
        let managers = service.consumers(on: server).map { ConsumerManager(consumer: $0, voice: voice) }
        do {
          try await serve(
            managers, voice: voice, outbox: outbox, pool: pool, on: channel, until: stop, next: next, status: status)
        } catch is Outdated {
          logger.info("Listening anew, after a change")
        }
      } report: { [server] event in
        switch event {
        case .lost(let error): status(.disconnected(reason: "\(error)"))
        case .blocked(let reason): status(.blocked(reason: reason))
        case .unblocked(let address):
          status(.listening(consumers: renewal.current.service.consumers(on: server).count, at: address))
        }
      }
      if !served { await pool.drain(limit: patience, clock: clock) }
    }
  }

  /// Another service is to be served.
  private struct Outdated: Error {}

  private func serve(
    _ managers: [ConsumerManager], voice: Voice, outbox: Outbox, pool: HandlerPool, on channel: any Channel,
    until stop: StopSignal, next: StopSignal, status: @Sendable (Status) -> Void
  ) async throws {
    var subscriptions: [(ConsumerManager, Subscription)] = []
    var declared: [Topology] = []
    for manager in managers {
      var topology = topology(for: manager)
      let queue = try await channel.declare(topology)
      topology.queue?.name = queue
      declared.append(topology)
      subscriptions.append((manager, try await channel.consume(queue, prefetch: Self.prefetch)))
    }
    voice.say(Up())
    logger.info("Listening", ["keys": managers.flatMap(\.routingKeys).sorted().joined(separator: " ")])
    status(.listening(consumers: managers.count, at: channel.address))
    try channel.keepBound(declared)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask(executorPreference: channel.executor) { try await outbox.pump(into: channel) }
      group.addTask { [subscriptions] in
        try await Self.consume(subscriptions, on: pool, executor: channel.executor)
        // A service without consumers is there at once.
        try await stop.unlessStopped { try await next.wait() }
        guard stop.isRequested else { throw Outdated() }
        // All that was taken is with its handlers by now.
        await pool.drain(limit: patience, clock: clock)
        voice.say(Down())
        outbox.close()
      }
      group.addTask { [subscriptions] in
        try await stop.unlessStopped { try await next.wait() }
        // A queue goes with its last consumer, and then it would be missed.
        try channel.keepBound([])
        for (_, subscription) in subscriptions { try await subscription.cancel() }
      }
      // Not `waitForAll`: that one waits for the others when one has failed.
      for try await _ in group {}
    }
  }

  /// Ends when all subscriptions are cancelled.
  private static func consume(
    _ subscriptions: [(ConsumerManager, Subscription)], on pool: HandlerPool, executor: (any TaskExecutor)?
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (manager, subscription) in subscriptions {
        group.addTask(executorPreference: executor) {
          try await manager.run(subscription, on: pool, executor: executor)
        }
      }
      for try await _ in group {}
    }
  }

  private func topology(for manager: ConsumerManager) -> Topology {
    Topology(
      exchanges: exchanges.declarations(durable: durable), queue: .serverNamed,
      bindings: manager.routingKeys.sorted().map { .init(exchanges.input, .key($0)) })
  }
}
