public import AMQP

/// Many requests over one channel, while what is said to them streams in: for whoever stays in touch with a fleet for longer than one
/// question takes.
///
/// Which message answers which request is the caller's business: an answer carries its request's id as `correlation_id`. It lives as
/// long as its channel, and is replaced with it.
public struct Conversation: Sendable {
  public let channel: any Channel
  private let letterhead: Letterhead
  private let subscription: Subscription
  private let clock: any Clock<Duration>

  /// - Parameter hearsAll: also hear what is said to nobody in particular, or to others: `up`, `down`, other requesters' answers.
  init(
    on channel: any Channel, _ letterhead: Letterhead, hearsAll: Bool, durable: Bool, clock: any Clock<Duration>
  ) async throws {
    // The requester's own queue, bound under its own name: what `reply_to` means everywhere in AMQP.
    var bindings = [Topology.Binding(letterhead.exchanges.output, .queueName)]
    if hearsAll { bindings.append(.init(letterhead.exchanges.output, .key(""))) }
    let queue = try await channel.declare(
      Topology(
        exchanges: letterhead.exchanges.declarations(durable: durable), queue: .serverNamed, bindings: bindings))
    subscription = try await channel.consume(queue, prefetch: 1000)
    self.channel = channel
    self.clock = clock
    var letterhead = letterhead
    letterhead.replyTo = queue
    self.letterhead = letterhead
  }

  /// Publishes a request and gives what the broker says of it; `.returned` if nobody listens there.
  ///
  /// - Parameters:
  ///   - id: its `message_id` and `correlation_id`. A request that is sent again keeps it, so that whoever has done it does nothing.
  ///   - limit: how long the broker has to take it over; then `AMQPError` `.blocked` or `.timedOut` is thrown.
  public func send<R: Request>(
    _ request: R, to target: Target, id: String, timeToLive: Duration, within limit: Duration = .seconds(10)
  ) async throws -> Confirm {
    let publishings = try letterhead.publishings(
      of: request, to: [target], messageID: id, correlationID: id, timeToLive: timeToLive)
    let action = "send '\(R.type)' to '\(target.routingKey)'"
    guard let confirm = try await channel.publish(publishings, within: limit, while: action, clock: clock).first,
      confirm != .refused
    else { throw AMQPError(.refused, "the broker did not take the request over", while: action) }
    return confirm
  }

  /// Publishes one request to several targets, for as long as the broker needs.
  func send<R: Request>(
    _ request: R, to targets: [Target], correlationID: String, timeToLive: Duration
  ) async throws -> [Confirm] {
    try await channel.publish(
      try letterhead.publishings(of: request, to: targets, correlationID: correlationID, timeToLive: timeToLive))
  }

  /// What has been said since the last look, at least one message; throws when the channel is lost.
  ///
  /// To be called by one task at a time; a call that is cancelled is the last one. What cannot be read is nobody's answer, and left out.
  public func receive() async throws -> [AnyMessage] {
    var iterator = subscription.deliveries.makeAsyncIterator()
    while let deliveries = try await iterator.next() {
      for delivery in deliveries { subscription.settle(delivery, .acknowledge) }
      let messages = deliveries.compactMap { try? AnyMessage($0) }
      if !messages.isEmpty { return messages }
    }
    throw CancellationError()
  }
}
