public import AMQP

/// The exchanges, queues and bindings on a broker: declare, publish, consume.
///
/// It is never repaired: when it throws, whoever holds it drops it and asks the ``Broker`` for another.
public protocol Channel: Sendable {
  /// Sees to it that exchanges, queue and bindings are there, and gives the queue's name (empty if the topology has none).
  ///
  /// Exchanges are looked for first and declared only if missing: an agent may lack the right, and a peer may have declared them
  /// in another way.
  func declare(_ topology: Topology) async throws -> String

  /// Looks now and then, from now on, whether queues are still bound, and binds them again; those that were given before no more.
  ///
  /// A deleted exchange takes its bindings with it, and no broker tells those who were bound: without this they would be deaf, and not
  /// know it. It needs no right that binding did not need. A queue or an exchange that is gone ends the channel.
  ///
  /// Binding again is the look, and all of it: whether the exchange is there tells nothing, since whoever finds it missing first makes it
  /// anew, for himself. Of a queue that is gone the broker tells its consumer; of a missing exchange that is only published to, the next
  /// message.
  ///
  /// - Parameter topologies: with the names of the queues as the broker gave them.
  func keepBound(_ topologies: [Topology]) throws

  /// Publishes messages in order; the promise gets what the broker says of each, or why it will say nothing.
  func publish(_ messages: [Publishing], confirms: Promise<[Confirm]>)

  /// Starts to consume a queue, with at most `prefetch` unsettled deliveries.
  func consume(_ queue: String, prefetch: Int) async throws -> Subscription

  /// The host and port of the broker behind it, for people to read; nil if there is none, as in memory.
  var address: String? { get }

  /// Where tasks run that live on what they receive and send here, without a change of thread; nil: anywhere.
  var executor: (any TaskExecutor)? { get }

  /// Why the broker takes no messages for now; nil if it does.
  var blocked: String? { get }

  /// Waits until ``blocked`` is not any more what the caller knows of it, and gives what it is now; throws why the channel ended.
  func blocked(otherThan known: String?) async throws -> String?

  /// Ends the channel and its connection in good order.
  func close() async
}

extension Channel {
  public var address: String? { nil }
  public var executor: (any TaskExecutor)? { nil }

  /// Publishes messages in order, and waits until the broker has said what became of each.
  public func publish(_ messages: [Publishing]) async throws -> [Confirm] {
    let confirms = Promise<[Confirm]>()
    publish(messages, confirms: confirms)
    return try await confirms.value
  }
}

/// A running consumer: what it receives, and how to answer for it.
public struct Subscription: Sendable {
  public let deliveries: Deliveries
  private let settling: @Sendable (UInt64, Settlement) -> Void
  private let cancelling: @Sendable () async throws -> Void

  public init(
    deliveries: Deliveries, settle: @escaping @Sendable (UInt64, Settlement) -> Void,
    cancel: @escaping @Sendable () async throws -> Void
  ) {
    self.deliveries = deliveries
    self.settling = settle
    self.cancelling = cancel
  }

  /// Says what became of a delivery; only the first word counts.
  public func settle(_ delivery: Delivery, _ settlement: Settlement) { settling(delivery.tag, settlement) }

  /// Asks the broker for no more; ``deliveries`` ends after what was under way.
  public func cancel() async throws { try await cancelling() }
}
