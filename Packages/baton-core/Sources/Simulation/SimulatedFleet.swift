import AMQP
public import Baton

/// Many servers in one process, over few connections: what a broker, a monitor and those who ask have to bear.
public struct SimulatedFleet: Sendable {
  /// More would have a broker's reply to the last of those who join at once come too late.
  private static let joiningAtOnce = 50

  public let tally: Tally
  private let hosts: [SimulatedHost]
  private let connections: Int
  private let broker: any Broker
  private let logger: Logger

  /// - Parameters:
  ///   - servers: who they are.
  ///   - connections: how many they share.
  public init(
    _ servers: [Server], behaviour: Behaviour = Behaviour(), connections: Int, broker: any Broker, logger: Logger
  ) {
    let tally = Tally(expected: servers.count)
    hosts = servers.map { SimulatedHost(server: $0, behaviour: behaviour, tally: tally) }
    self.tally = tally
    self.connections = connections
    self.broker = broker
    self.logger = logger
  }

  /// So many servers, `host00001.sim.example` and on, spread over environments in turn.
  public static func servers(_ count: Int, environments: [String], appNames: [String] = []) -> [Server] {
    (0..<count).map { index in
      let number = "\(index + 1)"
      let name = "host\(String(repeating: "0", count: max(0, 5 - number.count)))\(number).sim.example"
      return Server(environment: environments[index % environments.count], fqdn: name, appNames: appNames)
    }
  }

  /// Has them there until the stop; a lost connection is replaced, and its hosts join again.
  public func run(until stop: StopSignal) async {
    let recovery = Recovery(broker: broker, logger: logger, stop: stop)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<connections {
        let share = stride(from: number, to: hosts.count, by: connections).map { hosts[$0] }
        group.addTask {
          await recovery.run { channel in
            try await live(share, on: channel, until: stop)
          } report: { _ in
          }
        }
      }
    }
  }

  private struct Stopped: Error {}

  private func live(_ hosts: [SimulatedHost], on channel: any Baton.Channel, until stop: StopSignal) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      for start in stride(from: 0, to: hosts.count, by: Self.joiningAtOnce) {
        let batch = hosts[start..<min(start + Self.joiningAtOnce, hosts.count)]
        let joined = batch.map { host in
          let hasJoined = Promise<Void>()
          group.addTask { try await host.live(on: channel, hasJoined: hasJoined) }
          return hasJoined
        }
        for hasJoined in joined { try await hasJoined.value }
      }
      group.addTask {
        try await stop.wait()
        throw Stopped()
      }
      do { for try await _ in group {} } catch is Stopped {}
    }
  }
}
