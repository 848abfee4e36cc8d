import AMQP
import BatonTesting
import TestSupport
import Testing

@testable import Baton

/// What a channel's user may rely on, on the in-memory broker and on a real RabbitMQ.
@Suite(.timeLimit(.minutes(1)))
struct DeclaringTests {
  @Test(
    "A channel that consumes goes on consuming while it makes an exchange that was missing", arguments: TestBroker.all)
  func consuming(broker: TestBroker) async throws {
    let channel = try await broker.make().channel()
    let queue = try await channel.declare(Topology(queue: .serverNamed))
    let subscription = try await channel.consume(queue, prefetch: 1)
    // Gone with its last binding, and so with the queue.
    let exchange = ExchangeDeclaration(MessageID.new(), durable: false, autoDelete: true)
    let topology = Topology(exchanges: [exchange], queue: .serverNamed, bindings: [.init(exchange.name, .key("k"))])
    _ = try await channel.declare(topology)
    _ = try await channel.publish([Publishing(exchange: "", routingKey: queue, body: [7])])
    var deliveries = subscription.deliveries.makeAsyncIterator()
    #expect(try await deliveries.next()?.map(\.body) == [[7]])
    await channel.close()
  }

  @Test(
    "A queue that the broker names is bound with the keys it was given and with its name", arguments: TestBroker.all,
    ["key", ""])
  func ownName(broker: TestBroker, key: String) async throws {
    let channel = try await broker.make().channel()
    let exchange = ExchangeDeclaration(MessageID.new(), durable: false, autoDelete: true)
    let bindings: [Topology.Binding] = [.init(exchange.name, .key(key)), .init(exchange.name, .queueName)]
    let queue = try await channel.declare(
      Topology(exchanges: [exchange], queue: .serverNamed, bindings: bindings))
    #expect(!queue.isEmpty)
    let confirms = try await channel.publish(
      [key, queue, "other"].map { Publishing(exchange: exchange.name, routingKey: $0, mandatory: true, body: []) })
    #expect(confirms.map { $0 == .accepted } == [true, true, false])
    await channel.close()
  }
}
