/// What the loop knows of one channel.
final class ChannelState {
  /// Methods that were sent and whose replies are awaited, in their order.
  struct Call {
    let actions: [String]
    var methods: [Method?]
    var replies: [MethodReply] = []
    let promise: Promise<[MethodReply]>
    let started: ContinuousClock.Instant

    /// What the next reply will be to.
    var action: String { actions[min(replies.count, actions.count - 1)] }
  }

  struct Consumer {
    let action: String
    let inbox: Inbox
    /// Received since the inbox was last filled.
    var batch: [Delivery] = []
  }

  let id: ChannelID
  var calls: [Call] = []
  var confirms = ConfirmWindow()
  var acks = AckLedger()
  var consumers: [String: Consumer] = [:]
  var assembly = Assembly()
  /// The promise of `channel.open`, until it is open.
  var opening: Promise<ChannelID>?
  let opened = ContinuousClock.now
  /// Closed from this side: frames that still come are of no interest.
  var isClosing = false

  init(id: ChannelID) { self.id = id }

  /// The reply that has been awaited longest.
  var awaited: (action: String, since: ContinuousClock.Instant)? {
    if opening != nil { return ("open a channel", opened) }
    return calls.first.map { ($0.action, $0.started) }
  }

  /// The next reply has come; gives the method that it is to.
  func reply(_ reply: MethodReply) -> Method? {
    guard !calls.isEmpty else { return nil }
    let method = calls[0].methods[calls[0].replies.count]
    calls[0].replies.append(reply)
    if calls[0].replies.count == calls[0].methods.count {
      let call = calls.removeFirst()
      call.promise.succeed(call.replies)
    }
    return method
  }

  /// Hands what has been received to the readers.
  func deliver() {
    for (tag, consumer) in consumers where !consumer.batch.isEmpty {
      consumers[tag]?.batch = []
      consumer.inbox.put(consumer.batch)
    }
  }

  /// Nothing more will come of this channel.
  func fail(code: AMQPError.Code, reason: String, action: String?) {
    deliver()
    let current = calls.first?.action ?? action
    opening?.fail(AMQPError(code, reason, while: action ?? "open a channel"))
    for call in calls { call.promise.fail(AMQPError(code, reason, while: current ?? call.action)) }
    confirms.failAll(AMQPError(code, reason, while: action ?? "publish"))
    for consumer in consumers.values {
      consumer.inbox.finish(throwing: AMQPError(code, reason, while: current ?? consumer.action))
    }
    calls = []
    consumers = [:]
  }
}
