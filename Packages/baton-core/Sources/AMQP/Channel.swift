/// A channel of a connection: what declares, publishes and consumes.
///
/// When the broker refuses something it closes the channel: everything waiting on it throws, the connection lives on, and the caller
/// opens another channel.
public final class Channel: Sendable {
  /// Keeps the connection while somebody holds a channel of it.
  private let connection: Connection
  private let mailbox: Mailbox
  private let id: ChannelID
  private let nextConsumer = Locked(0)

  init(connection: Connection, mailbox: Mailbox, id: ChannelID) {
    self.connection = connection
    self.mailbox = mailbox
    self.id = id
  }

  deinit {
    // An error says that the connection has ended, and the channel with it.
    try? mailbox.post(.closeChannel(id))
  }

  /// Sends several methods at once and waits for all replies: one round trip.
  ///
  /// Throws the first refusal; what was sent behind it has not happened. Gives the status of each queue that was declared.
  @discardableResult
  public func perform(_ methods: [Method]) async throws -> [QueueStatus] {
    guard !methods.isEmpty else { return [] }
    for method in methods { try method.validate() }
    let promise = Promise<[MethodReply]>()
    try mailbox.post(.perform(methods, channel: id, promise))
    return try await promise.value.compactMap { if case .queue(let status) = $0 { status } else { nil } }
  }

  /// Performs methods now and then from now on, in place of those that were given before: bindings that somebody deleted are made again.
  ///
  /// What the broker refuses ends the channel, as it does of any method.
  public func keepUp(_ methods: [Method]) throws {
    for method in methods { try method.validate() }
    try mailbox.post(.keepUp(methods, channel: id))
  }

  /// Publishes messages and waits until the broker has confirmed them all; needs ``Method/confirmSelect`` before.
  ///
  /// Several calls may wait side by side; the broker is never waited for between two messages.
  public func publish(_ messages: [Publishing]) async throws -> [Confirm] {
    let confirms = Promise<[Confirm]>()
    publish(messages, confirms: confirms)
    return try await confirms.value
  }

  /// Publishes messages without waiting: the promise gets what the broker says of them all, or why it will say nothing.
  public func publish(_ messages: [Publishing], confirms: Promise<[Confirm]>) {
    guard !messages.isEmpty else { return confirms.succeed([]) }
    do {
      for message in messages { try message.validate() }
      try mailbox.post(.publish(messages, channel: id, confirms))
    } catch {
      confirms.fail(error)
    }
  }

  /// Starts a consumer with acknowledgements.
  ///
  /// The tag is what ``Method/cancelConsumer(tag:)`` takes.
  ///
  /// - Parameter prefetch: unsettled deliveries at most; nil leaves what ``Method/prefetch(_:)`` set before.
  public func consume(
    _ queue: String, prefetch: UInt16? = nil, exclusive: Bool = false, arguments: FieldTable = [:]
  ) async throws -> (tag: String, deliveries: Deliveries) {
    let tag = nextConsumer.withLock { number in
      number += 1
      return "c\(number)"
    }
    let inbox = Inbox()
    let promise = Promise<[MethodReply]>()
    let consumption = Consumption(
      queue: queue, tag: tag, prefetch: prefetch, exclusive: exclusive, arguments: arguments, inbox: inbox)
    try consumption.validate()
    try mailbox.post(.consume(consumption, channel: id, promise))
    _ = try await promise.value
    return (tag, Deliveries(inbox))
  }

  /// Says what became of a delivery of this channel.
  ///
  /// Acknowledgements are gathered and said with as few frames as possible. On a lost channel there is nothing to settle: the broker
  /// gives the message to somebody again.
  public func settle(_ tag: UInt64, _ settlement: Settlement) {
    try? mailbox.post(.settle(tag, settlement, channel: id))
  }
}
