import AMQP
import Baton

/// A channel of the in-memory broker.
final class InMemoryChannel: Baton.Channel {
  private let id: Int
  private let state: Locked<BrokerState>

  init(id: Int, state: Locked<BrokerState>) {
    self.id = id
    self.state = state
  }

  var blocked: String? { state.withLock(\.blocked) }

  func blocked(otherThan known: String?) async throws -> String? {
    let changed = try state.withLock { try $0.blocked(otherThan: known, on: id) }
    return try await changed.value
  }

  func declare(_ topology: Topology) async throws -> String {
    try state.withLock { try $0.declare(topology, on: id) }
  }

  func keepBound(_ topologies: [Topology]) throws {
    try state.withLock { try $0.keepBound(topologies, on: id) }
  }

  func publish(_ messages: [Publishing], confirms: Promise<[Confirm]>) {
    state.withLock { $0.publish(messages, on: id, confirms: confirms) }
  }

  func consume(_ queue: String, prefetch: Int) async throws -> Subscription {
    let (tag, inbox) = try state.withLock { try $0.consume(queue, prefetch: prefetch, on: id) }
    return Subscription(deliveries: Deliveries(inbox)) { [id, state] tag, settlement in
      state.withLock { $0.settle(tag, settlement, on: id) }
    } cancel: { [id, state] in
      state.withLock { $0.cancel(tag, on: id) }
    }
  }

  func close() async {
    state.withLock { $0.closeChannel(id, with: nil) }
  }
}
