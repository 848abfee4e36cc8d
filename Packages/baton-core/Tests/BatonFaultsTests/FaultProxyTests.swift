import AMQP
import BatonFaults
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FaultProxyTests {
  /// A connection through a proxy to a broker that replies to everything, while `body` looks at it.
  private func withProxy(_ body: (FaultProxy, Connection) async throws -> Void) async throws {
    let broker = try FakeBroker { client in
      try client.handshake()
      try client.replyForEver()
    }
    let proxy = try FaultProxy(to: broker.port)
    let connection = try await Connection.open(options(proxy))
    try await body(proxy, connection)
    await connection.close()
    try await proxy.close()
    #expect(proxy.counts.open == 0)
    try await broker.close()
    #expect(broker.surprises.isEmpty)
  }

  private func options(_ proxy: FaultProxy) -> ConnectionOptions {
    ConnectionOptions(endpoint: .init(host: "127.0.0.1", port: proxy.port))
  }

  /// Seen from the connection's own thread: Swift's pool may have hundreds of other tests to begin before it comes back to this one.
  private func timeToOpenChannel(on connection: Connection) async throws -> Duration {
    try await Task(executorPreference: connection.executor) {
      try await ContinuousClock().measure { _ = try await connection.channel() }
    }.value
  }

  @Test("What goes through is counted")
  func counts() async throws {
    try await withProxy { proxy, _ in
      #expect(proxy.counts.connections == 1)
      #expect(proxy.counts.open == 1)
      #expect(proxy.counts.bytesToBroker > 8)
      #expect(proxy.counts.bytesToClient > 8)
    }
  }

  @Test("A delay makes everything arrive so much later")
  func delay() async throws {
    try await withProxy { proxy, connection in
      proxy.fault = .delay(.milliseconds(100))
      let time = try await timeToOpenChannel(on: connection)
      #expect(time >= .milliseconds(200) && time < .seconds(2))
      proxy.fault = .none
    }
  }

  @Test("A throttle lets so many bytes through")
  func throttle() async throws {
    try await withProxy { proxy, connection in
      // 13 bytes of channel.open, 16 of its reply.
      proxy.fault = .throttle(bytesPerSecond: 40)
      let time = try await timeToOpenChannel(on: connection)
      #expect(time > .milliseconds(250) && time < .seconds(3))
      proxy.fault = .none
    }
  }

  @Test(
    "A cut ends the connection after exactly so many bytes, and the next one lives",
    arguments: [FaultProxy.Cut.reset, .finish])
  func cut(_ how: FaultProxy.Cut) async throws {
    try await withProxy { proxy, connection in
      let before = proxy.counts
      proxy.fault = .cut(how, after: 5, .toBroker)
      await #expect(throws: AMQPError.self) { _ = try await connection.channel() }
      #expect(proxy.counts.bytesToBroker - before.bytesToBroker == 5)
      #expect(proxy.counts.bytesToClient == before.bytesToClient)
      #expect(proxy.fault == .none)
      let next = try await Connection.open(options(proxy))
      _ = try await next.channel()
      await next.close()
    }
  }

  @Test("A cut at once ends what is there")
  func cutNow() async throws {
    try await withProxy { proxy, connection in
      proxy.cut(.reset)
      let end = try await connection.waitForEnd()
      #expect(end.code == .connectionLost)
    }
  }

  @Test("Each connection has a throttle of its own")
  func throttleEach() async throws {
    try await withProxy { proxy, first in
      let second = try await Connection.open(options(proxy))
      let third = try await Connection.open(options(proxy))
      // Of one rate for all, the second would leave the third nothing: 13 bytes of channel.open, 16 of its reply.
      proxy.fault = .throttle(bytesPerSecond: 20)
      let alone = try await ContinuousClock().measure { _ = try await first.channel() }
      let together = try await ContinuousClock().measure {
        async let one = second.channel()
        async let other = third.channel()
        _ = try await (one, other)
      }
      #expect(together < alone * 1.5)
      proxy.fault = .none
      await second.close()
      await third.close()
    }
  }

  @Test("What a black hole has swallowed of is reset when it is over; the others go on, and new ones are let in")
  func blackHole() async throws {
    try await withProxy { proxy, connection in
      let quiet = try await Connection.open(options(proxy))
      let before = proxy.counts
      proxy.fault = .blackHole
      // Cancelled below: nobody answers.
      let lost = Task { try await connection.channel() }
      let unheard = Task { try await Connection.open(options(proxy)) }
      // 13 bytes of channel.open, 8 of the other's greeting.
      _ = try await proxy.counts { $0.bytesSwallowed == 13 + 8 }
      #expect(proxy.counts.bytesToBroker == before.bytesToBroker)
      proxy.fault = .none
      #expect(try await connection.waitForEnd().code == .connectionLost)
      await #expect(throws: AMQPError.self) { try await lost.value }
      await #expect(throws: AMQPError.self) { try await unheard.value }
      _ = try await quiet.channel()
      await quiet.close()
    }
  }

  @Test("Half-open keeps the bytes back, and lets them go when it is over")
  func halfOpen() async throws {
    try await withProxy { proxy, connection in
      let before = proxy.counts
      proxy.fault = .halfOpen
      var short = options(proxy)
      short.connectTimeout = .milliseconds(100)
      async let channel = connection.channel()
      // Nobody takes this one before its time is over; meanwhile the request of the other has come to the proxy.
      await #expect(throws: AMQPError.self) { _ = try await Connection.open(short) }
      #expect(proxy.counts == before)
      proxy.fault = .none
      _ = try await channel
    }
  }
}
