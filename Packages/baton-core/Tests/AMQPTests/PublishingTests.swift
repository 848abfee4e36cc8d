import AMQP
import TestSupport
import Testing

@Suite(.enabled(if: RealBroker.isThere, "needs BATON_RABBIT_PORT"), .timeLimit(.minutes(1)))
struct PublishingTests {
  @Test("Thousands of messages of several tasks are each confirmed, and all arrive in their task's order")
  func pipelined() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let (_, deliveries) = try await channel.consume(queue)
    try await withThrowingTaskGroup(of: [Confirm].self) { group in
      for task in 0..<8 as Range<UInt8> {
        group.addTask {
          var confirmations: [Confirm] = []
          for round in 0..<5 as Range<UInt8> {
            confirmations += try await channel.publish((0..<100).map { Publishing(to: queue, [task, round, $0]) })
          }
          return confirmations
        }
      }
      for try await confirmations in group {
        #expect(confirmations == Array(repeating: .accepted, count: 500))
      }
    }
    let bodies = try await deliveries.first(4000).map(\.body)
    #expect(bodies.count == 4000)
    for task in 0..<8 as Range<UInt8> {
      let own = bodies.filter { $0[0] == task }.map { Int($0[1]) * 100 + Int($0[2]) }
      #expect(own == Array(0..<500))
    }
  }

  @Test("Of many messages just those that no queue takes are returned, if they are mandatory")
  func returned() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let publishings = (0..<300).map { number in
      Publishing(to: number.isMultiple(of: 3) ? "nobody" : queue, mandatory: number.isMultiple(of: 2))
    }
    let noRoute = Confirm.returned(code: 312, reason: "NO_ROUTE")
    #expect(try await channel.publish(publishings) == (0..<300).map { $0.isMultiple(of: 6) ? noRoute : .accepted })
    #expect(try await channel.publish([]).isEmpty)
  }

  @Test("A returned message with a body of several frames leaves the next ones whole")
  func returnedLarge() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let large = [UInt8](repeating: 7, count: 100_000)
    let confirmations = try await channel.publish([
      Publishing(to: "nobody", large, mandatory: true), Publishing(to: queue, large, mandatory: true),
      Publishing(to: "nobody", mandatory: true),
    ])
    let noRoute = Confirm.returned(code: 312, reason: "NO_ROUTE")
    #expect(confirmations == [noRoute, .accepted, noRoute])
    #expect(try await channel.messageCount(of: queue) == 1)
  }

  /// A frame of 32 KiB has 8 bytes of its own.
  @Test(
    "Bodies around the size of a frame arrive whole",
    arguments: [0, 1, 32_759, 32_760, 32_761, 65_519, 65_520, 65_521, 300 * 1024, 1024 * 1024])
  func sizes(size: Int) async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let (_, deliveries) = try await channel.consume(queue)
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 % 251) }
    #expect(
      try await channel.publish([Publishing(to: queue, body), Publishing(to: queue, [1])]) == [.accepted, .accepted])
    let found = try await deliveries.first(2)
    #expect(found[0].body == body)
    #expect(found[0].bodySize == size)
    #expect(found[1].body == [1])
  }

  @Test("Of a body of more than a mebibyte the beginning is kept, and its true size")
  func tooLarge() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let (_, deliveries) = try await channel.consume(queue)
    let body = [UInt8](repeating: 7, count: 1024 * 1024 + 1)
    _ = try await channel.publish([Publishing(to: queue, body), Publishing(to: queue, [1])])
    let found = try await deliveries.first(2)
    #expect(found[0].body.count == 1024 * 1024)
    #expect(found[0].bodySize == body.count)
    #expect(found[1].body == [1])
  }

  @Test("Headers of every kind come back as they went")
  func headers() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let (_, deliveries) = try await channel.consume(queue)
    var publishing = Publishing(to: queue)
    publishing.properties.headers = [
      "true": true, "false": false, "zero": 0, "smallest": .int(.min), "largest": .int(.max),
      "double": .double(-1.5e300),
      "text": "é\u{0}\n", "empty": "", "bytes": .bytes([0, 0xFF, 0xC3]), "nothing": .bytes([]), "void": .void,
      "time": .timestamp(1_700_000_000), "array": .array([1, "a", .void, .array([]), .table(["b": 2])]),
      "table": .table(["a": .table(["b": .array([true])]), "e": .table([:])]),
    ]
    _ = try await channel.publish([publishing])
    let found = try #require(try await deliveries.first(1).first).properties.headers
    for (key, value) in publishing.properties.headers { #expect(found[key] == value, "\(key)") }
    #expect(found.count == publishing.properties.headers.count)
  }

  @Test("Tables that nest deeper than is followed read as void below")
  func deepHeaders() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let (_, deliveries) = try await channel.consume(queue)
    var value: FieldValue = "bottom"
    for _ in 0..<100 { value = .array([value]) }
    var publishing = Publishing(to: queue)
    publishing.properties.headers = ["deep": value, "flat": "here"]
    _ = try await channel.publish([publishing])
    let headers = try #require(try await deliveries.first(1).first).properties.headers
    #expect(headers["flat"] == "here")
    var depth = 0
    var rest = headers["deep"]
    while case .array(let values)? = rest {
      depth += 1
      rest = values.first
    }
    #expect(rest == .void)
    #expect(depth < 20)
  }

  @Test("Every property comes back as it went, and those that were not set are not there")
  func properties() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let (_, deliveries) = try await channel.consume(queue)
    var properties = Properties()
    properties.contentType = "application/json"
    properties.contentEncoding = "utf-8"
    properties.deliveryMode = .persistent
    properties.priority = 9
    properties.correlationID = "c"
    properties.replyTo = "r"
    properties.expiration = "60000"
    properties.messageID = "m"
    properties.timestamp = 1_700_000_000
    properties.type = "t"
    properties.userID = "guest"
    properties.appID = "a"
    var full = Publishing(to: queue)
    full.properties = properties
    _ = try await channel.publish([full, Publishing(to: queue)])
    let found = try await deliveries.first(2)
    #expect(found[0].properties == properties)
    #expect(found[1].properties == Properties())
    #expect(found.map(\.routingKey) == [queue, queue])
    #expect(found.map(\.exchange) == ["", ""])
  }

  @Test("A forged user, and an expiration that is no number, are refused by the broker")
  func refused() async throws {
    for change in [{ $0.userID = "root" }, { $0.expiration = "abc" }] as [(inout Properties) -> Void] {
      let (channel, queue) = try await RealBroker.channelAndQueue()
      var publishing = Publishing(to: queue)
      change(&publishing.properties)
      await #expect { try await channel.publish([publishing]) } throws: { AMQPError.Code.preconditionFailed ~= $0 }
    }
  }

  @Test("A publisher that waits no longer is let go, and its channel works on")
  func cancelled() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let publisher = Task { try await channel.publish([Publishing(to: queue)]) }
    publisher.cancel()
    _ = await publisher.result
    #expect(try await channel.publish([Publishing(to: queue)]) == [.accepted])
  }
}
