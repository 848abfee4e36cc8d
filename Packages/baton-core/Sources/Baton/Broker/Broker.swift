/// What opens channels: RabbitMQ, or the in-memory broker of `BatonTesting`.
public protocol Broker: Sendable {
  /// A channel on a connection of its own.
  ///
  /// Throws `AMQPError` when no host lets us in.
  func channel() async throws -> any Channel
}
