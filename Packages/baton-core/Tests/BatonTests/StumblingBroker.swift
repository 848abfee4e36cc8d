import AMQP
import BatonTesting

@testable import Baton

/// An in-memory broker with somebody in its way: before each step that a client takes, the test may break something or throw.
final class StumblingBroker: Broker {
  enum Step: CaseIterable, Sendable {
    case connect, declare, consume, publish
  }

  private struct State {
    var times: [Step: Int] = [:]
    var open = 0
    var stumble: @Sendable (Step, _ time: Int) throws -> Void = { _, _ in }
  }

  let broker = InMemoryBroker()
  private let state = Locked(State())

  /// - Parameter stumble: is told which step is taken, and for which time since the start.
  func stumble(_ stumble: @escaping @Sendable (Step, _ time: Int) throws -> Void) {
    state.withLock { $0.stumble = stumble }
  }

  func times(_ step: Step) -> Int { state.withLock { $0.times[step] ?? 0 } }

  /// Channels that were given out and not closed by who had them.
  var openChannels: Int { state.withLock(\.open) }

  func channel() async throws -> any Baton.Channel {
    try take(.connect)
    let channel = try await broker.channel()
    state.withLock { $0.open += 1 }
    return StumblingChannel(channel: channel, broker: self)
  }

  fileprivate func take(_ step: Step) throws {
    let (stumble, time) = state.withLock { state in
      state.times[step, default: 0] += 1
      return (state.stumble, state.times[step] ?? 0)
    }
    try stumble(step, time)
  }

  fileprivate func closed() { state.withLock { $0.open -= 1 } }
}

private struct StumblingChannel: Baton.Channel {
  let channel: any Baton.Channel
  let broker: StumblingBroker

  func declare(_ topology: Topology) async throws -> String {
    try broker.take(.declare)
    return try await channel.declare(topology)
  }

  func keepBound(_ topologies: [Topology]) throws { try channel.keepBound(topologies) }

  func publish(_ messages: [Publishing], confirms: Promise<[Confirm]>) {
    do {
      try broker.take(.publish)
      channel.publish(messages, confirms: confirms)
    } catch {
      confirms.fail(error)
    }
  }

  func consume(_ queue: String, prefetch: Int) async throws -> Subscription {
    try broker.take(.consume)
    return try await channel.consume(queue, prefetch: prefetch)
  }

  var blocked: String? { channel.blocked }
  func blocked(otherThan known: String?) async throws -> String? { try await channel.blocked(otherThan: known) }

  func close() async {
    await channel.close()
    broker.closed()
  }
}
