import AMQP
import Baton

/// A server of a simulated fleet: it has a queue of its own and answers pings as baton-ping does, as well and as soon as it is told to.
struct SimulatedHost: Sendable {
  let server: Server
  let behaviour: Behaviour
  let tally: Tally

  private struct Pong: Message {
    static let type = "pong"
  }

  private static let exchanges = ExchangeNames("baton_ping")
  private static let prefetch = 10

  /// Joins, answers, leaves and joins again, until the channel is lost or the task is cancelled.
  ///
  /// - Parameter hasJoined: succeeds when it is there for the first time, fails if it cannot be.
  func live(on channel: any Baton.Channel, hasJoined: Promise<Void>) async throws {
    while true {
      let subscription: Subscription
      do {
        subscription = try await join(channel)
      } catch {
        hasJoined.fail(error)
        throw error
      }
      tally.joined()
      defer { tally.left() }
      hasJoined.succeed(())
      try await answer(subscription, for: behaviour.nextStay(), on: channel)
      try await subscription.cancel()
      try await say(Down(), on: channel)
      try await Task.sleep(for: behaviour.absence)
    }
  }

  /// Binds and consumes a queue, and says `up`.
  private func join(_ channel: any Baton.Channel) async throws -> Subscription {
    let key = server.environment
    let topology = Topology(
      exchanges: [ExchangeDeclaration(Self.exchanges.input), ExchangeDeclaration(Self.exchanges.output)],
      queue: .serverNamed,
      bindings: [
        .init(Self.exchanges.input, .key(key)), .init(Self.exchanges.input, .key("\(key).\(server.fqdn)")),
      ])
    let queue = try await channel.declare(topology)
    let subscription = try await channel.consume(queue, prefetch: Self.prefetch)
    try await say(Up(), on: channel)
    return subscription
  }

  /// - Parameter stay: how long; nil: for ever.
  private func answer(_ subscription: Subscription, for stay: Duration?, on channel: any Baton.Channel) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        for try await batch in subscription.deliveries {
          for delivery in batch {
            try await answer(delivery.properties, on: channel)
            subscription.settle(delivery, .acknowledge)
          }
        }
      }
      if let stay { group.addTask { try await Task.sleep(for: stay) } }
      try await group.next()
    }
  }

  private func answer(_ request: Properties, on channel: any Baton.Channel) async throws {
    let delay = behaviour.nextDelay()
    if delay > .zero { try await Task.sleep(for: delay) }
    switch behaviour.nextManner() {
    case .well: try await say(Pong(), answering: request, on: channel)
    case .badly: try await say(Failure("Simulated", "this host fails on purpose"), answering: request, on: channel)
    case .notAtAll: return
    }
    tally.answered()
  }

  private func say<M: Message>(
    _ message: M, answering request: Properties? = nil, on channel: any Baton.Channel
  ) async throws {
    let output = try Output(message, from: server, answering: request, isReply: request != nil)
    _ = try await channel.publish([output.publishing(to: Self.exchanges.output, appID: "baton_ping")])
  }
}
