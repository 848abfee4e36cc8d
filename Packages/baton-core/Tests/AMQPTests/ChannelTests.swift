import TestSupport
import Testing

@testable import AMQP

@Suite(.enabled(if: RealBroker.isThere, "needs BATON_RABBIT_PORT"), .timeLimit(.minutes(1)))
struct ChannelTests {
  @Test("Methods that are sent together are done in order, in one go")
  func pipelined() async throws {
    let (channel, _) = try await RealBroker.channelAndQueue()
    let exchange = RealBroker.unique("exchange")
    let queue = QueueDeclaration(RealBroker.unique("queue"), exclusive: true)
    let statuses = try await channel.perform([
      .declareExchange(ExchangeDeclaration(exchange, durable: false, autoDelete: true)), .declareQueue(queue),
      .bind(queue: queue.name, exchange: exchange, routingKey: "k"), .declareQueue(.serverNamed),
      .unbind(queue: queue.name, exchange: exchange, routingKey: "k"), .purgeQueue(queue.name),
      .deleteQueue(queue.name),
    ])
    #expect(statuses.map(\.name).first == queue.name)
    #expect(statuses.last?.name.hasPrefix("amq.gen-") == true)
    #expect(statuses.map(\.messageCount) == [0, 0])
    #expect(try await channel.perform([]).isEmpty)
  }

  @Test("A channel opens with methods that it performs; a refusal ends it, and the connection lives")
  func opening() async throws {
    let connection = try await Connection.open(RealBroker.options)
    let queue = QueueDeclaration(RealBroker.unique("queue"), durable: false, exclusive: true)
    let channel = try await connection.channel(performing: [.confirmSelect, .declareQueue(queue)])
    #expect(try await channel.publish([Publishing(to: queue.name)]) == [.accepted])
    let missing = Method.declareQueue(QueueDeclaration("nowhere", passive: true))
    let error = await #expect(throws: AMQPError.self) {
      _ = try await connection.channel(performing: [.confirmSelect, missing, .prefetch(1)])
    }
    #expect(error?.code == .notFound)
    #expect(error?.action == "find queue 'nowhere'")
    #expect(try await channel.messageCount(of: queue.name) == 1)
  }

  @Test("What is looked for passively is found as it is, and is not made where it is missing")
  func passive() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    _ = try await channel.publish([Publishing(to: queue), Publishing(to: queue)])
    let found = try await channel.perform([
      .declareExchange(ExchangeDeclaration("amq.direct", type: "topic", passive: true, durable: false)),
      .declareQueue(QueueDeclaration(queue, passive: true)),
    ])
    #expect(found == [QueueStatus(name: queue, messageCount: 2, consumerCount: 0)])
    let missing = RealBroker.unique("exchange")
    for _ in 0..<2 {
      let (channel, _) = try await RealBroker.channelAndQueue()
      let error = await #expect(throws: AMQPError.self) {
        try await channel.perform([.declareExchange(ExchangeDeclaration(missing, passive: true))])
      }
      #expect(error?.code == .notFound)
      #expect(error?.action == "find exchange '\(missing)'")
    }
  }

  @Test("A refusal ends its channel alone: the connection and its other channels work on")
  func refusals() async throws {
    var options = RealBroker.options
    options.remedies = [.notFound: "Make it"]
    let connection = try await Connection.open(options)
    let other = try await connection.channel()
    let queue = try await other.perform([.confirmSelect, .declareQueue(.serverNamed)])[0].name
    let (_, deliveries) = try await other.consume(queue)
    let foreign = QueueDeclaration(RealBroker.unique("queue"), exclusive: true)
    let (owner, _) = try await RealBroker.channelAndQueue()
    try await owner.perform([.declareQueue(foreign)])
    for (method, code) in [
      (.declareQueue(QueueDeclaration("nowhere", passive: true)), .notFound),
      (.bind(queue: queue, exchange: "nowhere", routingKey: "k"), .notFound),
      (.declareExchange(ExchangeDeclaration("amq.direct", type: "topic")), .preconditionFailed),
      (.declareExchange(ExchangeDeclaration("amq.nonsense")), .accessRefused),
      (.deleteQueue(foreign.name), .resourceLocked),
    ] as [(Method, AMQPError.Code)] {
      let channel = try await connection.channel()
      let error = await #expect(throws: AMQPError.self) { try await channel.perform([.prefetch(1), method]) }
      #expect(error?.code == code)
      #expect(error?.action == "\(method)")
      #expect(error?.reason.hasSuffix(". Make it") == (code == .notFound))
      await #expect { try await channel.perform([.prefetch(1)]) } throws: { AMQPError.Code.closed ~= $0 }
    }
    #expect(try await other.publish([Publishing(to: queue, [1])]) == [.accepted])
    #expect(try await deliveries.first(1).first?.body == [1])
    withExtendedLifetime(owner) {}
  }

  @Test("A queue that was declared in another way is refused")
  func otherProperties() async throws {
    let (channel, _) = try await RealBroker.channelAndQueue()
    let queue = RealBroker.unique("queue")
    try await channel.perform([.declareQueue(QueueDeclaration(queue, exclusive: true))])
    await #expect {
      try await channel.perform([
        .declareQueue(QueueDeclaration(queue, exclusive: true, arguments: ["x-max-length": 7]))
      ])
    } throws: {
      AMQPError.Code.preconditionFailed ~= $0
    }
  }

  @Test("All that waits on a channel is told when the broker closes it")
  func everybodyIsTold() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let (_, deliveries) = try await channel.consume(queue)
    await #expect {
      try await channel.publish([
        Publishing(to: queue, [1]), Publishing(exchange: "nowhere", routingKey: "k", body: []),
        Publishing(to: queue, [2]),
      ])
    } throws: {
      AMQPError.Code.notFound ~= $0
    }
    // What had come before is read before the end.
    await #expect { try await deliveries.first(3) } throws: { AMQPError.Code.notFound ~= $0 }
  }

  @Test("A channel that nobody holds any more ends what it consumed")
  func dropped() async throws {
    let connection = try await Connection.open(RealBroker.options)
    func consume() async throws -> Deliveries {
      let channel = try await connection.channel()
      return try await channel.consume(try await channel.perform([.declareQueue(.serverNamed)])[0].name).deliveries
    }
    let deliveries = try await consume()
    await #expect { try await deliveries.first(1) } throws: { AMQPError.Code.closed ~= $0 }
    try await connection.channel().perform([.prefetch(1)])
  }

  @Test("Names of 255 bytes are taken")
  func longNames() async throws {
    let (channel, _) = try await RealBroker.channelAndQueue()
    let name = String(repeating: "é", count: 127) + "x"
    try await channel.perform([
      .declareQueue(QueueDeclaration(name, exclusive: true)),
      .bind(queue: name, exchange: "amq.direct", routingKey: name),
    ])
    let (_, deliveries) = try await channel.consume(name)
    var publishing = Publishing(exchange: "amq.direct", routingKey: name, body: [1])
    publishing.properties.messageID = name
    publishing.properties.headers = [name: .string(name)]
    #expect(try await channel.publish([publishing]) == [.accepted])
    #expect(try await deliveries.first(1).first?.properties == publishing.properties)
  }

  @Test("Longer ones, and headers that fit no frame, are refused before they are sent, and the channel works on")
  func tooLong() async throws {
    let (channel, queue) = try await RealBroker.channelAndQueue()
    let long = String(repeating: "x", count: 256)
    let publishings = [
      Publishing(exchange: long, routingKey: "", body: []), Publishing(exchange: "", routingKey: long, body: []),
      with(queue) { $0.correlationID = long }, with(queue) { $0.headers = [long: 1] },
      with(queue) { $0.headers = ["": 1] },
      with(queue) { $0.headers = ["a": .table(["b": .array([.table([long: 1])])])] },
      with(queue) { $0.headers = ["a": .string(String(repeating: "x", count: 140_000))] },
      with(queue) { $0.headers = ["a": .array(Array(repeating: 1, count: 16_000))] },
    ]
    for publishing in publishings {
      await #expect { try await channel.publish([publishing]) } throws: { AMQPError.Code.invalidArgument ~= $0 }
    }
    for method in [
      .declareQueue(QueueDeclaration(long)), .declareExchange(ExchangeDeclaration(long)),
      .declareExchange(ExchangeDeclaration("x", type: long)),
      .declareQueue(QueueDeclaration("", arguments: [long: 1])), .bind(queue: queue, exchange: "x", routingKey: long),
      .unbind(queue: queue, exchange: long, routingKey: ""), .deleteQueue(long), .deleteExchange(long),
      .purgeQueue(long), .cancelConsumer(tag: long),
    ] as [Method] {
      await #expect { try await channel.perform([method]) } throws: { AMQPError.Code.invalidArgument ~= $0 }
    }
    await #expect { try await channel.consume(long) } throws: { AMQPError.Code.invalidArgument ~= $0 }
    await #expect { try await channel.consume(queue, arguments: [long: 1]) } throws: {
      AMQPError.Code.invalidArgument ~= $0
    }
    #expect(try await channel.publish([Publishing(to: queue)]) == [.accepted])
  }

  private func with(_ queue: String, _ change: (inout Properties) -> Void) -> Publishing {
    var publishing = Publishing(to: queue)
    change(&publishing.properties)
    return publishing
  }
}
