import AMQP
import BatonFaults
import Testing

@testable import Baton

/// Several hosts, some of which are no good.
@Suite(.timeLimit(.minutes(1)))
struct RabbitMQHostsTests {
  private func options(_ port: Int) -> ConnectionOptions {
    var options = ConnectionOptions(endpoint: .init(host: "127.0.0.1", port: port))
    options.connectTimeout = .milliseconds(500)
    return options
  }

  @Test("One host named twice, over which the gem spins for ever: it is tried once")
  func namedTwice() async throws {
    let broker = try FakeBroker { client in
      try client.start()
      try client.closeConnection(403, "ACCESS_REFUSED")
      try client.silence()
    }
    let hosts = [options(broker.port), options(broker.port)]
    await #expect(throws: AMQPError.self) { _ = try await RabbitMQ(hosts: hosts, logger: .discarding).channel() }
    #expect(broker.connections == 1)
    try await broker.close()
  }

  @Test("Hosts that take no connection, or say nothing on one, cost their time, and the next serves")
  func blackHoled() async throws {
    let broker = try FakeBroker { client in
      try client.handshake()
      try client.replyForEver()
    }
    let deaf = try DeafPort()
    let silent = try FaultProxy(to: broker.port)
    silent.fault = .blackHole
    let hosts = [deaf.port, silent.port, broker.port].map { options($0) }
    for _ in 0..<3 {
      let start = ContinuousClock.now
      let channel = try await RabbitMQ(hosts: hosts, logger: .discarding).channel()
      #expect(start.duration(to: .now) < .seconds(12))
      await channel.close()
    }
    #expect(broker.connections == 3)
    try await broker.close()
  }
}
