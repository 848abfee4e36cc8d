public import Baton

/// Asks servers whether they are there.
public struct PingAPI: Sendable {
  /// Of the exchanges: `baton_ping_in`, `baton_ping_out`.
  public static let name = "baton_ping"

  private let api: API

  /// - Parameters:
  ///   - user: the broker's user, which goes with each request.
  ///   - durable: how the exchanges are declared where they are missing.
  public init(broker: any Broker, user: String? = nil, durable: Bool = true) {
    api = API(Self.name, broker: broker, user: user, durable: durable)
  }

  /// Asks all servers of some environments, or, where hosts are named, those alone.
  ///
  /// A host whose environment is not known is asked for in each of `environments`.
  /// - Parameter legacy: also take the answers of hosts that run the Ruby gem.
  public func ping(
    _ environments: [String], hosts: [String] = [], until ending: Ending = Ending(), legacy: Bool = false
  ) -> Answers<Pong> {
    api.ask(Ping(), of: Target.each(of: environments, hosts: hosts), until: ending, legacy: legacy)
  }
}
