import AMQP
import TestSupport
import Testing

@Suite(.enabled(if: RealBroker.isThere, "needs BATON_RABBIT_PORT"), .timeLimit(.minutes(1)))
struct ConsumingTests {
  @Test("No more than the prefetch is under way, and all that is acknowledged in whatever order is gone")
  func prefetch() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    _ = try await channel.publish((0..<1000).map { Publishing(to: queue, [UInt8($0 % 256)]) })
    let (tag, deliveries) = try await channel.consume(queue, prefetch: 100)
    var unsettled: [UInt64] = []
    var seen = 0
    for try await batch in deliveries {
      #expect(unsettled.count + batch.count <= 100)
      unsettled += batch.map(\.tag)
      seen += batch.count
      // All that may come has come: settle it backwards, so that single acks and acks of many mix.
      guard unsettled.count == 100 || seen == 1000 else { continue }
      for tag in unsettled.reversed() { channel.settle(tag, .acknowledge) }
      unsettled = []
      if seen == 1000 { break }
    }
    #expect(seen == 1000)
    try await channel.perform([.cancelConsumer(tag: tag)])
    #expect(try await channel.messageCount(of: queue) == 0)
  }

  @Test("Acknowledged is gone for good, and what was not comes back when its channel is gone")
  func acknowledge() async throws {
    let connection = try await Connection.open(RealBroker.options)
    let channel = try await connection.channel()
    let declaration = QueueDeclaration("", durable: false, exclusive: true)
    let queue = try await channel.perform([.confirmSelect, .declareQueue(declaration)])[0].name
    func takeThreeAndKeepOne() async throws {
      let channel = try await connection.channel()
      let (tag, deliveries) = try await channel.consume(queue)
      let found = try await deliveries.first(3)
      channel.settle(found[2].tag, .acknowledge)
      channel.settle(found[0].tag, .acknowledge)
      // Replied to after the acks have been sent, and before the channel is dropped.
      try await channel.perform([.cancelConsumer(tag: tag)])
    }
    _ = try await channel.publish((1...3).map { Publishing(to: queue, [$0]) })
    try await takeThreeAndKeepOne()
    let (_, deliveries) = try await channel.consume(queue)
    let rest = try await deliveries.first(1)
    #expect(rest.map(\.body) == [[2]])
    #expect(rest.map(\.redelivered) == [true])
  }

  @Test("Rejected goes to the dead letters, requeued comes again")
  func reject() async throws {
    let (channel, dead) = try await RealBroker.channelAndQueue()
    let queue = RealBroker.unique("queue")
    try await channel.perform([
      .declareQueue(
        QueueDeclaration(
          queue, exclusive: true,
          arguments: ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(dead)]))
    ])
    let (_, deliveries) = try await channel.consume(queue)
    let (_, deadDeliveries) = try await channel.consume(dead)
    _ = try await channel.publish([Publishing(to: queue, [1])])
    let first = try #require(try await deliveries.first(1).first)
    #expect(!first.redelivered)
    channel.settle(first.tag, .requeue)
    let again = try #require(try await deliveries.first(1).first)
    #expect(again.redelivered)
    channel.settle(again.tag, .reject)
    let letter = try #require(try await deadDeliveries.first(1).first)
    #expect(letter.body == [1])
    #expect(letter.properties.headers["x-death"] != nil)
  }

  @Test("A delivery that is settled twice is settled once, and the channel lives")
  func twice() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let (_, deliveries) = try await channel.consume(queue)
    _ = try await channel.publish((1...4).map { Publishing(to: queue, [$0]) })
    let found = try await deliveries.first(4)
    // Above a gap, so that each is said by itself.
    for settlement in [.acknowledge, .acknowledge, .reject, .requeue] as [Settlement] {
      channel.settle(found[3].tag, settlement)
      try await channel.perform([.prefetch(1)])
    }
    for settlement in [.reject, .reject, .acknowledge] as [Settlement] {
      channel.settle(found[2].tag, settlement)
      try await channel.perform([.prefetch(1)])
    }
    channel.settle(found[1].tag, .acknowledge)
    channel.settle(found[0].tag, .acknowledge)
    #expect(try await channel.publish([Publishing(to: queue, [5])]) == [.accepted])
    #expect(try await deliveries.first(1).first?.body == [5])
  }

  @Test("A queue deleted under its consumer ends the sequence with an error, and the channel lives")
  func queueDeleted() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let (_, deliveries) = try await channel.consume(queue)
    _ = try await channel.publish([Publishing(to: queue, [1])])
    #expect(try await deliveries.first(1).count == 1)
    try await channel.perform([.deleteQueue(queue)])
    let error = await #expect(throws: AMQPError.self) { try await deliveries.first(1) }
    #expect(error?.code == .consumerCancelled)
    #expect(error?.action == "consume from '\(queue)'")
    try await channel.perform([.declareQueue(.serverNamed)])
  }

  @Test("Cancelled from this side, the sequence ends after what was under way")
  func cancel() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let (tag, deliveries) = try await channel.consume(queue)
    _ = try await channel.publish((1...3).map { Publishing(to: queue, [$0]) })
    let (_, second) = try await channel.consume(queue)
    try await channel.perform([.cancelConsumer(tag: tag)])
    var bodies: [[UInt8]] = []
    for try await batch in deliveries { bodies += batch.map(\.body) }
    #expect(bodies == [[1], [2], [3]])
    _ = try await channel.publish([Publishing(to: queue, [4])])
    #expect(try await second.first(1).map(\.body) == [[4]])
  }

  @Test("Several consumers on one channel each get their own")
  func consumers() async throws {
    let (channel, first) = try await RealBroker.channelAndQueue()
    let second = try await channel.perform([.declareQueue(.serverNamed)])[0].name
    let (firstTag, firstDeliveries) = try await channel.consume(first)
    let (secondTag, secondDeliveries) = try await channel.consume(second)
    #expect(firstTag != secondTag)
    _ = try await channel.publish((1...6).map { Publishing(to: $0.isMultiple(of: 2) ? first : second, [$0]) })
    #expect(try await firstDeliveries.first(3).map(\.body) == [[2], [4], [6]])
    #expect(try await secondDeliveries.first(3).map(\.body) == [[1], [3], [5]])
  }

  @Test("A second consumer is refused where the first wanted the queue alone")
  func exclusive() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    _ = try await channel.consume(queue, exclusive: true)
    await #expect { try await channel.consume(queue) } throws: { AMQPError.Code.accessRefused ~= $0 }
  }

  @Test("A queue that is not there cannot be consumed")
  func missing() async throws {
    let (channel, _) = try await RealBroker.channelAndQueue()
    let error = await #expect(throws: AMQPError.self) { try await channel.consume("nowhere") }
    #expect(error?.code == .notFound)
    #expect(error?.action == "consume from 'nowhere'")
  }
}
