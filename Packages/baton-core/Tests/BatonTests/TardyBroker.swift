import AMQP
import Baton
import BatonTesting

/// A broker that has a request under way to each consumer when that one is cancelled.
struct TardyBroker: Broker {
  let broker: InMemoryBroker

  func channel() async throws -> any Baton.Channel { TardyChannel(channel: try await broker.channel()) }
}

private struct TardyChannel: Baton.Channel {
  let channel: any Baton.Channel

  func consume(_ queue: String, prefetch: Int) async throws -> Subscription {
    let inbox = Inbox()
    return Subscription(deliveries: Deliveries(inbox)) { _, _ in
    } cancel: {
      Task {
        for _ in 1...100 { await Task.yield() }
        inbox.put([
          Delivery(
            tag: 1, exchange: "baton_test_in", routingKey: "production",
            body: [UInt8](#"{"type":"echo","text":"x"}"#.utf8))
        ])
        inbox.finish()
      }
    }
  }

  func declare(_ topology: Topology) async throws -> String { try await channel.declare(topology) }
  func keepBound(_ topologies: [Topology]) throws { try channel.keepBound(topologies) }
  func publish(_ messages: [Publishing], confirms: Promise<[Confirm]>) { channel.publish(messages, confirms: confirms) }
  var blocked: String? { channel.blocked }
  func blocked(otherThan known: String?) async throws -> String? { try await channel.blocked(otherThan: known) }
  func close() async { await channel.close() }
}
