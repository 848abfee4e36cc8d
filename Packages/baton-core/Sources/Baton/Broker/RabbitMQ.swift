public import AMQP

/// RabbitMQ at any of several hosts.
public struct RabbitMQ: Broker {
  /// One for each host, in the order in which they were configured; one that is named again is left out.
  public let hosts: [ConnectionOptions]
  private let logger: Logger

  public init(hosts: [ConnectionOptions], logger: Logger) {
    var seen: Set<Endpoint> = []
    self.hosts = hosts.filter { seen.insert($0.endpoint).inserted }.map(\.withRemedies)
    self.logger = logger
  }

  /// Tries every host once, in random order, and takes the first that lets us in.
  ///
  /// Throws what the last one said, unless another said something that only a person can put right.
  public func channel() async throws -> any Channel {
    var failure = AMQPError(.unreachable, "no host is configured", while: "connect")
    for options in hosts.shuffled() {
      do {
        let connection = try await Connection.open(options)
        return try await RabbitMQChannel(connection: connection, options: options)
      } catch let error as AMQPError {
        logger.debug("Host refused", ["host": "\(options.endpoint)", "reason": error.reason])
        if !failure.needsPerson { failure = error.withRemedy(for: options) }
      }
    }
    throw failure
  }
}
