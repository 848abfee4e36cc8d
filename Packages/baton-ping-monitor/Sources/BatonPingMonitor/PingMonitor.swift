import AMQP
public import Baton

/// The standard way of consuming output: writes down everything that comes out of the exchanges it listens to and, where it is told
/// whom to watch or whom to tell, is the bridge from there to those who must wake up.
///
/// It reads other extensions' output as messages, and knows none of their types.
public struct PingMonitor: Sendable {
  /// What it knows in its configuration beside the keys of every program.
  public static let keys = ["QUEUE", "QUEUE_TYPE", "EXCHANGES"] + BridgeSettings.keys

  /// What a person should know of its configuration, though it stops nothing.
  public var warnings: [String] { bridge?.warnings ?? [] }

  private let settings: Settings
  private let exchanges: [String]
  private let queue: MonitorQueue
  private let durable: Bool
  private let user: String
  /// Nil if it only writes down what it hears.
  package let bridge: BridgeSettings?

  /// `EXCHANGES` (default: `baton_ping_out`) says what to listen to. Monitors with the same `QUEUE` share the messages, one of them
  /// active and the others standing by; with queues of their own each sees all. `QUEUE_TYPE` (default: `classic`) is `quorum` where the
  /// broker is a cluster.
  public init(_ configuration: Configuration) throws(ConfigurationError) {
    settings = configuration.settings
    bridge = BridgeSettings.isWanted(by: settings) ? try BridgeSettings(settings) : nil
    var exchanges = try settings.list("EXCHANGES") ?? ["baton_ping_out"]
    guard !exchanges.isEmpty else {
      throw ConfigurationError(
        place: "\(settings.origin(of: "EXCHANGES"))", problem: "EXCHANGES is empty",
        remedy: "it wants at least one exchange: baton_ping_out")
    }
    if let bridge, !bridge.environments.isEmpty, !exchanges.contains(bridge.situation.pingExchange) {
      exchanges.append(bridge.situation.pingExchange)
    }
    self.exchanges = exchanges
    durable = configuration.durable
    user = configuration.user
    let name = try settings.string("QUEUE")
    let kind = try settings.choice("QUEUE_TYPE", of: MonitorQueue.Kind.self) ?? .classic
    queue = durable ? .durable(name ?? "baton-ping-monitor.v2", kind: kind) : .legacy(name ?? "baton-ping-monitor")
  }

  /// The keys that another configuration has changed and that take a new start; all others it can go on with.
  public func keysOfNewStart(for other: PingMonitor) -> [String] {
    let known = Configuration.keys + Self.keys
    let changed = other.settings.changes(since: settings).filter { known.contains($0) }
    guard let bridge, let renewed = other.bridge else { return changed }
    return changed.filter { key in
      // Who asks nobody has not seen to the exchange that is asked on.
      !BridgeSettings.renewableKeys.contains(key)
        || (key == "PING" && bridge.environments.isEmpty && !renewed.environments.isEmpty)
    }
  }

  /// Listens until the stop is requested. Throws if it cannot begin.
  ///
  /// - Parameter renewals: monitors as later configurations would have made them: this one goes on with what they say of hosts, rules
  ///   and sinks, but for what takes a new start.
  public func run(
    on broker: any Broker, logger: Logger, until stop: StopSignal,
    renewals: AsyncStream<PingMonitor> = AsyncStream { $0.finish() },
    status: @escaping @Sendable (Agent.Status) -> Void = { _ in }
  ) async throws {
    if let bridge {
      let run = BridgeRun(settings: bridge, exchanges: exchanges, queue: queue, durable: durable, user: user)
      return try await run.run(on: broker, logger: logger, until: stop, renewals: renewals, status: status)
    }
    let monitor = Monitor(of: exchanges, queue: queue, broker: broker, logger: logger, durable: durable)
    await monitor.run(until: stop, status: status) { message in
      let isWritten = logger.log(
        message.isError ? .error : .info, "Message read", body: message.body, messageID: message.messageID)
      guard isWritten else { throw LogUnwritable() }
    }
  }
}

/// The log takes no more lines, as on a full disk: the message stays with the broker.
struct LogUnwritable: Error, CustomStringConvertible {
  let description = "the log cannot be written; messages wait at the broker until it can"
}
