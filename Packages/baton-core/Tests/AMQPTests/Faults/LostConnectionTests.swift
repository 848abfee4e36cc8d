import BatonFaults
import Testing

@testable import AMQP

/// A connection that is no good any more is given up in time, whatever hangs on it throws, and its thread is never stuck.
@Suite(.timeLimit(.minutes(1)))
struct LostConnectionTests {
  /// A connection with a confirming channel, through a proxy that takes little ahead, to a broker that goes on as the script says.
  private func withPublisher(
    options change: (inout ConnectionOptions) -> Void = { _ in },
    broker script: @escaping @Sendable (FakeConnection) throws -> Void = { try $0.replyForEver() },
    body: (FaultProxy, Connection, Channel) async throws -> Void
  ) async throws {
    let broker = try FakeBroker { client in
      try client.handshake()
      try script(client)
    }
    let proxy = try FaultProxy(to: broker.port, receiveBuffer: 16 * 1024)
    var options = ConnectionOptions.local(proxy.port)
    change(&options)
    let connection = try await Connection.open(options)
    let channel = try await connection.channel()
    try await channel.perform([.confirmSelect])
    try await body(proxy, connection, channel)
    await connection.close()
    try await proxy.close()
    try await broker.close()
    #expect(broker.surprises.isEmpty)
  }

  /// More than the kernel takes for a peer that reads nothing.
  private static let tooMuch = [UInt8](repeating: 0, count: 24 * 1024 * 1024)

  @Test("A half-open connection is noticed after two heartbeats")
  func halfOpen() async throws {
    try await withPublisher(
      options: {
        $0.heartbeat = .seconds(1)
      },
      body: { proxy, connection, _ in
        proxy.fault = .halfOpen
        var end: AMQPError?
        let time = try await ContinuousClock().measure { end = try await connection.waitForEnd() }
        #expect(end?.code == .timedOut)
        #expect(end?.reason == "nothing heard for 2.0 seconds")
        #expect(time > .milliseconds(1500) && time < .seconds(12))
      })
  }

  @Test("Heartbeats keep an idle connection, in both directions")
  func heartbeats() async throws {
    let alive = Promise<Void>()
    try await withPublisher(
      options: {
        $0.heartbeat = .seconds(1)
      },
      broker: { client in
        // Waits for what is no heartbeat, and sends one for each that comes.
        try client.replyUntil(.confirmSelect)
        try client.send(.method(.confirmSelectOK, channel: 1))
        for beat in 1... {
          guard try client.receiveAny().kind == .heartbeat else { return }
          try client.send(.heartbeat)
          // Of half a second each: well after both sides would have given up.
          if beat == 7 { alive.succeed(()) }
        }
      },
      body: { _, connection, _ in
        try await alive.value
        #expect(connection.blocked == nil)
      })
  }

  @Test("A publish into a full window is given up after the time for sending; until then the thread does its work")
  func fullWindow() async throws {
    try await withPublisher(
      options: {
        $0.sendTimeout = .seconds(2)
      },
      body: { proxy, connection, channel in
        proxy.fault = .halfOpen
        async let publish = failure { _ = try await channel.publish([message(Self.tooMuch)]) }
        // A second one, behind it in the queue, is given up by its caller at once: nothing waits for the socket.
        let impatient = Task { try await channel.publish([message()]) }
        impatient.cancel()
        await #expect(throws: CancellationError.self) { try await impatient.value }
        let (error, time) = try await publish
        #expect(error.code == .connectionLost)
        #expect(time > .seconds(1) && time < .seconds(12))
      })
  }

  @Test("A slow network gets a large message in the end, and its connection beats on")
  func slowNetwork() async throws {
    let size = 12 * 1024 * 1024
    let body = [UInt8](repeating: 0, count: size)
    // Heartbeats are due in the middle of the body; confirmation and reply are due long before the message is through.
    try await withPublisher(
      options: {
        $0.heartbeat = .seconds(1)
        $0.replyTimeout = .milliseconds(700)
        $0.confirmTimeout = .milliseconds(700)
        $0.callTimeout = .milliseconds(500)
      },
      broker: { client in
        let body = try client.nextPublished { try client.send(.heartbeat) }
        try client.confirm(1)
        guard body.count == size else { throw FakeBroker.Surprise("\(body.count) bytes") }
        try client.replyForEver()
      },
      body: { proxy, _, channel in
        proxy.fault = .throttle(bytesPerSecond: 3 * 1024 * 1024)
        let (confirms, time) = try await timed { try await channel.publish([message(body)]) }
        #expect(confirms == [.accepted])
        #expect(time > .seconds(2))
        proxy.fault = .none
      })
  }

  @Test("A call that does not come back from the library ends with the watchdog")
  func watchdog() async throws {
    // Methods are sent without a look at the socket: enough of them fill it.
    let long = String(repeating: "k", count: 255)
    let methods = [Method](repeating: .bind(queue: long, exchange: long, routingKey: long), count: 12_000)
    try await withPublisher(
      options: {
        $0.callTimeout = .seconds(1)
        $0.sendTimeout = .seconds(30)
      },
      body: { proxy, _, channel in
        // So slow that the kernel sees no end, and the library neither.
        proxy.fault = .throttle(bytesPerSecond: 1024)
        let (error, time) = try await failure { try await channel.perform(methods) }
        #expect(error.code == .timedOut)
        #expect(error.reason.contains("took too few bytes"))
        #expect(time < .seconds(12))
      })
  }

  @Test("A reply that does not come ends the connection, and says to what", arguments: [true, false])
  func replyTimeout(opening: Bool) async throws {
    try await withPublisher(
      options: {
        $0.replyTimeout = .milliseconds(300)
      },
      broker: { client in
        try client.replyUntil(.confirmSelect)
        try client.send(.method(.confirmSelectOK, channel: 1))
        try client.silence()
      },
      body: { _, connection, channel in
        let (error, time) = try await failure {
          if opening { _ = try await connection.channel() } else { try await channel.perform([.deleteQueue("q")]) }
        }
        #expect(error.code == .timedOut)
        #expect(error.reason == "no reply within 0.3 seconds")
        #expect(error.action == (opening ? "open a channel" : "delete queue 'q'"))
        #expect(time < .seconds(12))
        #expect(try await connection.waitForEnd().code == .timedOut)
      })
  }

  @Test("A confirmation that never comes ends the connection")
  func confirmTimeout() async throws {
    try await withPublisher(
      options: {
        $0.confirmTimeout = .milliseconds(300)
        $0.heartbeat = .seconds(1)
      },
      broker: { client in
        _ = try client.nextPublished()
        try client.replyForEver()
      },
      body: { _, _, channel in
        let (error, time) = try await failure { _ = try await channel.publish([message()]) }
        #expect(error.code == .timedOut)
        #expect(error.reason == "not confirmed within 0.3 seconds")
        #expect(time < .seconds(12))
      })
  }

  @Test("A blocked broker owes no reply until it is unblocked")
  func blockedOwesNothing() async throws {
    try await withPublisher(
      options: {
        $0.replyTimeout = .milliseconds(300)
      },
      broker: { client in
        try client.replyUntil(.confirmSelect)
        try client.block("low on disk")
        try client.send(.method(.confirmSelectOK, channel: 1))
        let qos = try client.replyUntil(.basicQoS)
        // Longer than the time to reply.
        for _ in 0..<5 {
          client.pause(milliseconds: 100)
          try client.send(.heartbeat)
        }
        try client.unblock()
        try client.reply(to: qos)
        try client.replyForEver()
      },
      body: { _, connection, channel in
        #expect(connection.blocked == "low on disk")
        try await channel.perform([.prefetch(1)])
        #expect(connection.blocked == nil)
      })
  }

  @Test("An old delivery tag acknowledged on a new channel: what was said to a lost one is never said on the next")
  func staleAcks() async throws {
    let heard = Locked<[MethodID]>([])
    let broker = try FakeBroker { client in
      try client.serveUntilConsuming()
      try client.deliver([[1]])
      if client.number == 1 { return client.reset() }
      try client.replyUntil(.basicConsume)
      try client.closeChannel(404, "NOT_FOUND")
      try client.expect(.channelCloseOK)
      try client.reply(to: try client.replyUntil(.basicConsume))
      try client.deliver([[2]])
      while true {
        let frame = try client.receive()
        heard.withLock { $0 += [frame.methodID].compactMap { $0 } }
        try client.reply(to: frame)
      }
    }
    func consumer(on connection: Connection) async throws -> (Channel, Deliveries.Iterator, UInt64) {
      let channel = try await connection.channel()
      var deliveries = try await channel.consume("queue").deliveries.makeAsyncIterator()
      let tag = try #require(try await deliveries.next()?.first).tag
      return (channel, deliveries, tag)
    }
    let first = try await Connection.open(.local(broker.port))
    let (lost, _, lostTag) = try await consumer(on: first)
    _ = try await first.waitForEnd()

    let second = try await Connection.open(.local(broker.port))
    let (closed, _, closedTag) = try await consumer(on: second)
    await #expect(throws: AMQPError.self) { _ = try await closed.consume("another") }
    let (fresh, _, _) = try await consumer(on: second)
    lost.settle(lostTag, .acknowledge)
    closed.settle(closedTag, .acknowledge)
    try await fresh.perform([.prefetch(1)])
    #expect(heard.withLock { $0 } == [.basicQoS])
    await second.close()
    try await broker.close()
    #expect(broker.surprises.isEmpty)
  }
}

/// What something gives, and how long it took.
private func timed<Value>(_ body: () async throws -> Value) async throws -> (Value, Duration) {
  let start = ContinuousClock.now
  let value = try await body()
  return (value, start.duration(to: .now))
}
