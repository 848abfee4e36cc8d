import AMQP
public import Baton

/// The standard way of consuming output: writes down everything that comes out of the exchanges it listens to.
///
/// It reads other extensions' output as messages, and knows none of their types.
public struct PingMonitor: Sendable {
  /// What it knows in its configuration beside the keys of every program.
  public static let keys = ["QUEUE", "EXCHANGES"]

  private let exchanges: [String]
  private let queue: MonitorQueue
  private let durable: Bool

  /// `EXCHANGES` (default: `baton_ping_out`) says what to listen to. Monitors with the same `QUEUE` share the messages, one of them
  /// active and the others standing by; with queues of their own each sees all.
  public init(_ configuration: Configuration) throws(ConfigurationError) {
    exchanges = try configuration.settings.list("EXCHANGES") ?? ["baton_ping_out"]
    guard !exchanges.isEmpty else {
      throw ConfigurationError(
        place: "\(configuration.settings.origin(of: "EXCHANGES"))", problem: "EXCHANGES is empty",
        remedy: "it wants at least one exchange: baton_ping_out")
    }
    durable = configuration.durable
    let name = try configuration.settings.string("QUEUE")
    queue = durable ? .durable(name ?? "baton-ping-monitor.v2") : .legacy(name ?? "baton-ping-monitor")
  }

  /// Listens until the stop is requested.
  public func run(
    on broker: any Broker, logger: Logger, until stop: StopSignal,
    status: @escaping @Sendable (Agent.Status) -> Void = { _ in }
  ) async {
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
