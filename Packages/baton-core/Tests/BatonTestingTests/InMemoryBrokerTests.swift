import AMQP
import Baton
import BatonTesting
import Testing

struct InMemoryBrokerTests {
  private func publishing(_ key: String = "k", mandatory: Bool = false, cc: FieldValue? = nil) -> Publishing {
    var publishing = Publishing(exchange: "x", routingKey: key, mandatory: mandatory, body: [1])
    publishing.properties.headers["CC"] = cc
    return publishing
  }

  /// A channel, and a queue bound to the exchange with a key.
  private func bound(
    _ broker: InMemoryBroker, to keys: String..., queue: QueueDeclaration = .serverNamed
  ) async throws -> (channel: any Baton.Channel, queue: String) {
    let channel = try await broker.channel()
    let name = try await channel.declare(
      Topology(exchanges: [ExchangeDeclaration("x")], queue: queue, bindings: keys.map { .init("x", .key($0)) }))
    return (channel, name)
  }

  @Test("A message reaches each queue whose key it has, once, whichever of its keys leads there")
  func direct() async throws {
    let broker = InMemoryBroker()
    let (channel, both) = try await bound(broker, to: "k", "c")
    let (_, other) = try await bound(broker, to: "other")
    #expect(try await channel.publish([publishing(cc: .array(["c"]))]) == [.accepted])
    #expect(broker.messages(in: both).count == 1)
    #expect(broker.messages(in: other).isEmpty)
  }

  @Test("A mandatory message comes back only if neither key nor CC leads anywhere")
  func mandatory() async throws {
    let broker = InMemoryBroker()
    let (channel, _) = try await bound(broker, to: "k")
    let confirmations = try await channel.publish([
      publishing("nobody", mandatory: true), publishing("nobody", mandatory: true, cc: .array(["k"])),
      publishing("nobody"),
    ])
    #expect(confirmations == [.returned(code: 312, reason: "NO_ROUTE"), .accepted, .accepted])
  }

  @Test("A CC that is no array ends the channel, as RabbitMQ does")
  func badCC() async throws {
    let (channel, _) = try await bound(InMemoryBroker(), to: "k")
    await #expect { try await channel.publish([publishing(cc: "k")]) } throws: {
      AMQPError.Code.preconditionFailed ~= $0
    }
    await #expect(throws: AMQPError.self) { try await channel.publish([publishing()]) }
  }

  @Test("No more than the prefetch is under way, and what was not settled goes back when its consumer is gone")
  func prefetch() async throws {
    let broker = InMemoryBroker()
    let (publisher, queue) = try await bound(broker, to: "k", queue: QueueDeclaration("q"))
    _ = try await publisher.publish([publishing(), publishing(), publishing()])
    let channel = try await broker.channel()
    let subscription = try await channel.consume(queue, prefetch: 2)
    var iterator = subscription.deliveries.makeAsyncIterator()
    let first = try #require(try await iterator.next())
    #expect(first.count == 2)
    subscription.settle(first[0], .acknowledge)
    #expect(try await iterator.next()?.count == 1)
    await channel.close()
    #expect(broker.messages(in: queue).count == 2)
  }

  @Test("An exclusive queue goes with its connection; a named one stays")
  func lifetimes() async throws {
    let broker = InMemoryBroker()
    let (first, _) = try await bound(broker, to: "k")
    let (second, _) = try await bound(broker, to: "k", queue: QueueDeclaration("q"))
    await first.close()
    await second.close()
    #expect(broker.queues == ["q"])
  }

  @Test("Of two consumers of a single-active queue the second gets nothing until the first is gone")
  func singleActive() async throws {
    let broker = InMemoryBroker()
    let declaration = QueueDeclaration("q", arguments: ["x-single-active-consumer": true])
    let (publisher, queue) = try await bound(broker, to: "k", queue: declaration)
    let (leader, standby) = (try await broker.channel(), try await broker.channel())
    let leading = try await leader.consume(queue, prefetch: 10)
    let standing = try await standby.consume(queue, prefetch: 10)
    _ = try await publisher.publish([publishing()])
    var iterator = leading.deliveries.makeAsyncIterator()
    #expect(try await iterator.next()?.count == 1)
    await leader.close()
    var next = standing.deliveries.makeAsyncIterator()
    #expect(try await next.next()?.first?.redelivered == true)
  }

  @Test("Publishers wait while it is blocked")
  func blocked() async throws {
    let broker = InMemoryBroker()
    let (channel, queue) = try await bound(broker, to: "k")
    broker.blocked = "low on memory"
    #expect(channel.blocked == "low on memory")
    async let confirmation = channel.publish([publishing()])
    #expect(broker.messages(in: queue).isEmpty)
    broker.blocked = nil
    #expect(try await confirmation == [.accepted])
  }

  @Test("A lost connection ends what is consumed with an error, and lets others in")
  func disconnect() async throws {
    let broker = InMemoryBroker()
    let (channel, queue) = try await bound(broker, to: "k")
    let subscription = try await channel.consume(queue, prefetch: 1)
    broker.disconnectAll()
    var iterator = subscription.deliveries.makeAsyncIterator()
    await #expect { try await iterator.next() } throws: { AMQPError.Code.connectionLost ~= $0 }
    _ = try await broker.channel()
  }

  @Test(
    "A fate that is set becomes of every message, and no queue gets one",
    arguments: [Confirm.accepted, .refused, .returned(code: 312, reason: "NO_ROUTE")])
  func fate(fate: Confirm) async throws {
    let broker = InMemoryBroker()
    let (channel, queue) = try await bound(broker, to: "k")
    broker.fate = fate
    #expect(try await channel.publish([publishing()]) == [fate])
    #expect(broker.messages(in: queue).isEmpty)
    broker.fate = nil
    #expect(try await channel.publish([publishing()]) == [.accepted])
    #expect(broker.messages(in: queue).count == 1)
  }

  @Test("Cancelled consumers end with an error, what they had goes back, and their queue stays")
  func cancelled() async throws {
    let broker = InMemoryBroker()
    let (channel, queue) = try await bound(broker, to: "k", queue: QueueDeclaration("q"))
    let subscription = try await channel.consume(queue, prefetch: 1)
    _ = try await channel.publish([publishing(), publishing()])
    var iterator = subscription.deliveries.makeAsyncIterator()
    #expect(try await iterator.next()?.count == 1)
    broker.cancelConsumers(of: queue)
    await #expect { try await iterator.next() } throws: { AMQPError.Code.consumerCancelled ~= $0 }
    #expect(broker.messages(in: queue).count == 2)
    let again = try await channel.consume(queue, prefetch: 10)
    var next = again.deliveries.makeAsyncIterator()
    #expect(try await next.next()?.first?.redelivered == true)
  }
}
