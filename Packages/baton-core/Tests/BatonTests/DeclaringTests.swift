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
}
