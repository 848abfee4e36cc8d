import AMQP
import Baton

/// The advisory lock of an application in an environment: an exclusive queue, so that it goes with the connection of whoever holds it,
/// and no two hold it.
///
/// It is bound to the input exchange under its own name, and whoever asks there is told who holds it: the broker's own refusal names
/// nobody.
struct RolloutLock: Sendable {
  private let channel: any Baton.Channel
  private let subscription: Subscription
  private let holder: LockHolder
  private let server: Server

  static func key(of place: Place) -> String { "baton-deploy.lock.\(place.key)".lowercased() }

  /// Throws `AMQPError` `.resourceLocked` if somebody else holds it; the channel may be lost then.
  /// - Parameter server: this machine, as the answers' sender.
  init(on channel: any Baton.Channel, for plan: RolloutPlan, since: Int64, server: Server) async throws {
    let name = Self.key(of: plan.place)
    let exchanges = ExchangeNames(DeployControl.name)
    _ = try await channel.declare(
      Topology(
        queue: QueueDeclaration(name, durable: false, exclusive: true, autoDelete: true),
        bindings: [.init(exchanges.input, .queueName)]))
    subscription = try await channel.consume(name, prefetch: 10)
    holder = LockHolder(id: plan.id, app: plan.place.app, act: "\(plan.act)", by: plan.by, since: since)
    self.channel = channel
    self.server = server
  }

  /// Tells everybody who asks, until somebody wants no new host to begin: gives who. Throws when the lock is lost.
  ///
  /// To be called again at once.
  func answer() async throws -> String {
    let exchanges = ExchangeNames(DeployControl.name)
    for try await batch in subscription.deliveries {
      var stopper: String?
      for delivery in batch {
        subscription.settle(delivery, .acknowledge)
        guard let message = try? AnyMessage(delivery), [WhoHolds.type, StopRollout.type].contains(message.type) else {
          continue
        }
        if let stop = try? message.decode(StopRollout.self), message.type == StopRollout.type,
          stop.id.map({ $0 == holder.id }) ?? true
        {
          stopper = stop.by
        }
        let answer = try Output(holder, from: server, answering: delivery.properties)
        _ = try await channel.publish([answer.publishing(to: exchanges.output, appID: DeployControl.name)])
      }
      if let stopper { return stopper }
    }
    throw AMQPError(.consumerCancelled, "the lock is not held any more", while: "roll out")
  }
}
