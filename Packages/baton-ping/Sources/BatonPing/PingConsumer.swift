public import Baton

/// Answers a ping to the environment that this server belongs to.
public struct PingConsumer: Consumer {
  public init() {}

  public func routingKeys(on server: Server) -> [String] { [server.environment] }

  public var handlers: [Handler] { [.on(Ping.self, answer: pong)] }

  func pong(to ping: Ping, in context: Context) async throws -> Pong { Pong() }
}
