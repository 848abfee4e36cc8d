import BatonFaults
import TestSupport
import Testing

@testable import AMQP

/// A connection that is cut at each byte of what it says: what it told was true, what it did not tell throws, and nothing hangs.
@Suite(.timeLimit(.minutes(1)))
struct CutTests {
  private static let cuts: [FaultProxy.Cut] = [.reset, .finish]

  /// Of `basic.ack`, in either direction.
  private static let ackSize = 21

  /// Publishes through the proxy with a cut in place; nil if the broker has confirmed.
  private func publish(
    _ body: [UInt8], through proxy: FaultProxy, to publishing: (exchange: String, key: String),
    _ fault: FaultProxy.Fault
  ) async throws -> AMQPError? {
    let connection = try await Connection.open(.local(proxy.port))
    let channel = try await connection.channel()
    try await channel.perform([.confirmSelect])
    let message = Publishing(exchange: publishing.exchange, routingKey: publishing.key, body: body)
    proxy.fault = fault
    defer { proxy.fault = .none }
    do {
      #expect(try await channel.publish([message]) == [.accepted])
      await connection.close()
      return nil
    } catch let error as AMQPError {
      #expect(error.code == .connectionLost)
      return error
    }
  }

  /// The bytes of what ``publish(_:through:to:_:)`` sends to publish a message of two bytes.
  private func publishSize(through proxy: FaultProxy) async throws -> Int {
    let connection = try await Connection.open(.local(proxy.port))
    let channel = try await connection.channel()
    try await channel.perform([.confirmSelect])
    let before = proxy.counts.bytesToBroker
    _ = try await channel.publish([message([0, 0])])
    defer { withExtendedLifetime(connection) {} }
    return proxy.counts.bytesToBroker - before
  }

  @Test("At each byte of a publish and of its confirmation", arguments: cuts)
  func publish(_ cut: FaultProxy.Cut) async throws {
    let taken = Locked<Set<[UInt8]>>([])
    let broker = try FakeBroker { client in
      try client.handshake()
      let body = try client.nextPublished()
      taken.withLock { _ = $0.insert(body) }
      try client.confirm(1)
      try client.replyForEver()
    }
    let proxy = try FaultProxy(to: broker.port)
    let size = try await publishSize(through: proxy)
    for after in 0...size + 5 {
      let body: [UInt8] = [1, UInt8(after)]
      let error = try await publish(body, through: proxy, to: ("exchange", "key"), .cut(cut, after: after, .toBroker))
      let isTaken = taken.withLock { $0.contains(body) }
      #expect(error != nil || isTaken, "confirmed, and not there: cut after \(after) bytes")
      if after < size { #expect(error != nil && !isTaken) }
    }
    for after in 0...Self.ackSize {
      let body: [UInt8] = [2, UInt8(after)]
      let error = try await publish(body, through: proxy, to: ("exchange", "key"), .cut(cut, after: after, .toClient))
      #expect(taken.withLock { $0.contains(body) })
      if after < Self.ackSize { #expect(error != nil) }
    }
    try await proxy.close()
    try await broker.close()
    #expect(broker.surprises.isEmpty)
  }

  @Test("At each byte of a delivery: it comes whole or not at all", arguments: cuts)
  func delivery(_ cut: FaultProxy.Cut) async throws {
    let frames = [
      FakeConnection.deliverFrame(), .header(bodySize: 4, headers: ["a": "b"], channel: 1), .body([1, 2], channel: 1),
      .body([3, 4], channel: 1),
    ].flatMap(\.bytes)
    let broker = try FakeBroker { client in
      try client.serveUntilConsuming()
      try client.replyUntil(.basicQoS)
      try client.send(bytes: frames)
      try client.replyForEver()
    }
    let proxy = try FaultProxy(to: broker.port)
    for after in 0...frames.count {
      let connection = try await Connection.open(.local(proxy.port))
      let channel = try await connection.channel()
      var deliveries = try await channel.consume("queue").deliveries.makeAsyncIterator()
      proxy.fault = .cut(cut, after: after, .toClient)
      // Answered by the delivery, not by a reply.
      async let lost: Void = { _ = try? await channel.perform([.prefetch(1)]) }()
      var bodies: [[UInt8]] = []
      let error = await #expect(throws: AMQPError.self) {
        while let batch = try await deliveries.next() { bodies += batch.map(\.body) }
      }
      await lost
      #expect(error?.code == .connectionLost)
      #expect(bodies == (after < frames.count ? [] : [[1, 2, 3, 4]]))
    }
    proxy.fault = .none
    try await proxy.close()
    try await broker.close()
    #expect(broker.surprises.isEmpty)
  }

  @Test(
    "At each byte of an acknowledgement: it is said whole or not at all, and not on the next connection",
    arguments: cuts)
  func acknowledgement(_ cut: FaultProxy.Cut) async throws {
    let acks = Locked(0)
    let broker = try FakeBroker { client in
      try client.serveUntilConsuming()
      try client.deliver([[1]])
      while true {
        let frame = try client.receive()
        if frame.methodID == .basicAck { acks.withLock { $0 += 1 } }
        try client.reply(to: frame)
      }
    }
    let proxy = try FaultProxy(to: broker.port)
    for after in 0...Self.ackSize {
      let connection = try await Connection.open(.local(proxy.port))
      let channel = try await connection.channel()
      var deliveries = try await channel.consume("queue").deliveries.makeAsyncIterator()
      let delivery = try #require(try await deliveries.next()?.first)
      proxy.fault = .cut(cut, after: after, .toBroker)
      channel.settle(delivery.tag, .acknowledge)
      #expect(try await connection.waitForEnd().code == .connectionLost)
    }
    try await proxy.close()
    try await broker.close()
    #expect(broker.surprises.isEmpty)
    // The last cut came behind the whole of it.
    #expect(acks.withLock { $0 } <= 1)
  }

  @Test("RabbitMQ has every message that it confirmed", .enabled(if: RealBroker.isThere), arguments: cuts)
  func rabbitMQ(_ cut: FaultProxy.Cut) async throws {
    let port = try #require(RealBroker.port)
    let direct = try await Connection.open(.local(port))
    let channel = try await direct.channel()
    let queue = "baton-cuts-\(cut)"
    try await channel.perform([.deleteQueue(queue), .declareQueue(.init(queue))])
    let proxy = try FaultProxy(to: port)
    var confirmed: Set<[UInt8]> = []
    for direction in [FaultProxy.Direction.toBroker, .toClient] {
      for after in 0...85 {
        let body: [UInt8] = [direction == .toBroker ? 1 : 2, UInt8(after)]
        let error = try await publish(body, through: proxy, to: ("", queue), .cut(cut, after: after, direction))
        if error == nil { confirmed.insert(body) }
      }
    }
    try await proxy.close()
    #expect(confirmed.count > 60)

    // The cuts of a delivery and of an acknowledgement, on what is there: all of it is there still.
    var left: Set<[UInt8]> = []
    let status = try #require(try await channel.perform([.declareQueue(.init(queue, passive: true))]).first)
    var deliveries = try await channel.consume(queue).deliveries.makeAsyncIterator()
    while left.count < status.messageCount { left.formUnion(try await deliveries.next()?.map(\.body) ?? []) }
    #expect(confirmed.isSubset(of: left))
    try await channel.perform([.deleteQueue(queue)])
    await direct.close()
  }
}
