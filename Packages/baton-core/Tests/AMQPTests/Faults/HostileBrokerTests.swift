import AMQP
import BatonFaults
import Testing

/// What a broker may say that no client hopes for: an error in words, never a crash, never a wait.
@Suite(.timeLimit(.minutes(1)))
struct HostileBrokerTests {
  /// A consumer of a broker that goes on as the script says, while `body` looks at it.
  private func withConsumer(
    _ script: @escaping @Sendable (FakeConnection) throws -> Void,
    _ body: (Connection, Channel, inout Deliveries.Iterator) async throws -> Void
  ) async throws {
    let broker = try FakeBroker { client in
      try client.serveUntilConsuming()
      try script(client)
    }
    let connection = try await Connection.open(.local(broker.port))
    let channel = try await connection.channel()
    var deliveries = try await channel.consume("queue").deliveries.makeAsyncIterator()
    try await body(connection, channel, &deliveries)
    await connection.close()
    try await broker.close()
    #expect(broker.surprises.isEmpty)
  }

  private func deliveryError(_ script: @escaping @Sendable (FakeConnection) throws -> Void) async throws -> AMQPError {
    var error: AMQPError?
    try await withConsumer(script) { _, _, deliveries in
      do { while try await deliveries.next() != nil {} } catch let caught as AMQPError { error = caught }
    }
    return try #require(error, "the deliveries ended without an error")
  }

  @Test("A frame larger than was agreed on ends the connection")
  func oversizedFrame() async throws {
    let error = try await deliveryError { client in
      try client.send(
        FakeConnection.deliverFrame(), .header(bodySize: 200_000, channel: 1),
        .body([UInt8](repeating: 0, count: 200_000), channel: 1))
      try client.silence()
    }
    #expect(error.code == .connectionLost)
  }

  @Test("A frame that says it has two gigabytes ends the connection")
  func enormousFrame() async throws {
    let error = try await deliveryError { client in
      try client.send(bytes: [3, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF])
      try client.silence()
    }
    #expect(error.code == .connectionLost)
  }

  @Test("A frame without its end octet ends the connection")
  func brokenFrame() async throws {
    let error = try await deliveryError { client in
      try client.send(bytes: Frame.heartbeat.bytes.dropLast() + [0])
      try client.silence()
    }
    #expect(error.code == .connectionLost)
  }

  @Test("A socket closed in the middle of a frame ends the connection", arguments: [false, true])
  func halfFrame(reset: Bool) async throws {
    let error = try await deliveryError { client in
      try client.send(bytes: FakeConnection.deliverFrame().bytes.dropLast(5))
      if reset { client.reset() }
    }
    #expect(error.code == .connectionLost)
  }

  @Test("A frame for a channel that was never opened ends the connection: buffers are made for each")
  func unknownChannel() async throws {
    let error = try await deliveryError { client in
      try client.send(.body([1], channel: 777))
      try client.silence()
    }
    #expect(error.reason.contains("777"))
  }

  @Test("Headers as deep as a frame can hold them are read to a depth of 16")
  func deepHeaders() async throws {
    try await withConsumer { client in
      try client.send(
        FakeConnection.deliverFrame(), .header(bodySize: 1, rawHeaders: deepTable(levels: 26_000), channel: 1),
        .body([7], channel: 1))
      try client.replyForEver()
    } _: { _, _, deliveries in
      let delivery = try #require(try await deliveries.next()?.first)
      #expect(delivery.body == [7])
      var depth = 0
      var value = try #require(delivery.properties.headers["a"])
      while case .array(let inner) = value, let next = inner.first {
        value = next
        depth += 1
      }
      #expect(depth == 16)
      #expect(value == .void)
    }
  }

  @Test("Short strings of 255 bytes are read whole")
  func longStrings() async throws {
    let key = String(repeating: "k", count: 255)
    try await withConsumer { client in
      try client.deliver([[1]], headers: [key: .string(key)], key: key)
      try client.replyForEver()
    } _: { _, _, deliveries in
      let delivery = try #require(try await deliveries.next()?.first)
      #expect(delivery.routingKey == key && delivery.properties.headers == [key: .string(key)])
    }
  }

  @Test("A body in odd frames is put together", arguments: [[1, 2, 3], [0, 5, 0, 0, 1], [30_000, 30_000, 7]])
  func oddFrames(sizes: [Int]) async throws {
    let pieces = sizes.enumerated().map { [UInt8](repeating: UInt8($0), count: $1) }
    try await withConsumer { client in
      try client.deliver(pieces)
      try client.replyForEver()
    } _: { _, _, deliveries in
      let delivery = try await deliveries.next()?.first
      #expect(delivery?.body == pieces.flatMap { $0 })
    }
  }

  @Test("A body that grows past its announced size, and content without a method, are no message")
  func strayContent() async throws {
    try await withConsumer { client in
      try client.send(.header(bodySize: 3, channel: 1), .body([9, 9, 9], channel: 1))
      try client.deliver([[1, 2]])
      try client.send(.body([3], channel: 1))
      try client.deliver([[4]], tag: 2)
      try client.replyForEver()
    } _: { _, _, deliveries in
      var bodies: [[UInt8]] = []
      while bodies.count < 2 { bodies += try await deliveries.next()?.map(\.body) ?? [] }
      #expect(bodies == [[1, 2], [4]])
    }
  }

  @Test("A consumer that the broker cancels throws, and the channel lives on")
  func cancelled() async throws {
    try await withConsumer { client in
      try client.deliver([[1]])
      try client.cancelConsumer()
      try client.replyForEver()
    } _: { _, channel, deliveries in
      let batch = try await deliveries.next()
      #expect(batch?.count == 1)
      let error = await #expect(throws: AMQPError.self) { try await deliveries.next() }
      #expect(error?.code == .consumerCancelled)
      try await channel.perform([.prefetch(1)])
    }
  }

  @Test("A transient queue that RabbitMQ 4.3 refuses with 541 is told in its words")
  func transientQueue() async throws {
    let reason = "INTERNAL_ERROR - Feature `transient_nonexcl_queues` is deprecated"
    let broker = try FakeBroker { client in
      try client.handshake()
      try client.replyUntil(.queueDeclare)
      try client.closeConnection(541, reason)
      try client.expect(.connectionCloseOK)
    }
    let connection = try await Connection.open(.local(broker.port))
    let channel = try await connection.channel()
    let error = try await #require(throws: AMQPError.self) {
      try await channel.perform([.declareQueue(.init("q", durable: false))])
    }
    #expect(error.code == .internalError && error.reason == reason)
    #expect(error.action == "declare queue 'q'")
    try await broker.close()
    #expect(broker.surprises.isEmpty)
  }

  @Test(
    "Frames that still come for a closed channel are ignored",
    .bug("https://github.com/ruby-amqp/bunny/issues/741"))
  func closedChannel() async throws {
    try await withConsumer { client in
      try client.closeChannel(404, "NOT_FOUND - no exchange 'x'")
      try client.expect(.channelCloseOK)
      try client.deliver([[1], [2]])
      try client.confirm(5, multiple: true)
      try client.cancelConsumer()
      try client.closeChannel(406, "again")
      try client.block("all of it is sent")
      try client.replyForEver()
    } _: { connection, channel, deliveries in
      let error = await #expect(throws: AMQPError.self) { try await deliveries.next() }
      #expect(error?.code == .notFound)
      await #expect(throws: AMQPError.self) { try await channel.perform([.prefetch(1)]) }
      // A new channel may have the number of the old one, so it waits until all those frames have come.
      #expect(try await connection.blocked(otherThan: nil) == "all of it is sent")
      let next = try await connection.channel()
      try await next.perform([.prefetch(1)])
    }
  }

  @Test("Blocked is to be seen while it lasts, with the broker's reason")
  func blocked() async throws {
    let broker = try FakeBroker { client in
      try client.handshake()
      let open = try client.replyUntil(.channelOpen)
      try client.block("low on memory")
      try client.reply(to: open)
      let prefetch = try client.replyUntil(.basicQoS)
      try client.unblock()
      try client.reply(to: prefetch)
      try client.replyForEver()
    }
    let connection = try await Connection.open(.local(broker.port))
    #expect(connection.blocked == nil)
    let channel = try await connection.channel()
    #expect(connection.blocked == "low on memory")
    try await channel.perform([.prefetch(1)])
    #expect(connection.blocked == nil)
  }

  @Test("A large body is sent in frames as small as the broker wants them", arguments: [20_000, 16_384, 16_385, 4088])
  func smallFrames(size: Int) async throws {
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
    let broker = try FakeBroker { client in
      let tuning = try client.handshake(frameMax: 4096)
      guard tuning.frameMax == 4096 else { throw FakeBroker.Surprise("\(tuning)") }
      guard try client.nextPublished(inFramesOf: 4088) == body else { throw FakeBroker.Surprise("another body") }
      try client.confirm(1)
      try client.replyForEver()
    }
    let connection = try await Connection.open(.local(broker.port))
    let channel = try await connection.channel()
    try await channel.perform([.confirmSelect])
    #expect(try await channel.publish([message(body)]) == [.accepted])
    await connection.close()
    try await broker.close()
    #expect(broker.surprises.isEmpty)
  }

  @Test("Headers that do not fit into a frame are refused before anything is sent")
  func largeHeaders() async throws {
    try await withConsumer { client in
      try client.replyForEver()
    } _: { _, channel, _ in
      var large = message()
      large.properties.headers = ["a": .string(String(repeating: "x", count: 200_000))]
      var longName = message()
      longName.properties.headers = ["a": .table([String(repeating: "n", count: 256): 1])]
      for refused in [large, longName] {
        let error = await #expect(throws: AMQPError.self) { try await channel.publish([refused]) }
        #expect(error?.code == .invalidArgument)
      }
      try await channel.perform([.prefetch(1)])
    }
  }

  @Test("Who starts or cancels a consumer takes no reply to what was asked later, though the queue is late to say it")
  func lateQueue() async throws {
    let (asked, asks) = AsyncStream<Void>.makeStream()
    let broker = try FakeBroker { client in
      try client.handshake()
      for late in [MethodID.basicConsume, .basicCancel] {
        let frame = try client.replyUntil(late)
        asks.yield()
        try client.reply(to: try client.replyUntil(.queueDeclare))
        try client.reply(to: frame)
      }
      try client.replyForEver()
    }
    let connection = try await Connection.open(.local(broker.port))
    let channel = try await connection.channel()
    async let consumer = channel.consume("queue", prefetch: 1)
    var late = asked.makeAsyncIterator()
    await late.next()
    #expect(try await channel.perform([.declareQueue(.serverNamed)]).map(\.name) == ["amq.gen-1"])
    let tag = try await consumer.tag
    async let cancelled = channel.perform([.cancelConsumer(tag: tag)])
    await late.next()
    #expect(try await channel.perform([.declareQueue(.serverNamed)]).map(\.name) == ["amq.gen-1"])
    #expect(try await cancelled.isEmpty)
    await connection.close()
    try await broker.close()
    #expect(broker.surprises.isEmpty)
  }
}
