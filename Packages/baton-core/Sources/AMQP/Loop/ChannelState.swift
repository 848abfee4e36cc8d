/// What the loop knows of one channel.
final class ChannelState {
  /// Methods that were sent and whose replies are awaited, in their order.
  struct Call {
    /// Nil stands for what ``otherAction`` tells.
    let methods: [Method?]
    /// In words that follow "could not", of what is no ``Method``.
    var otherAction = ""
    var replies: [MethodReply] = []
    let promise: Promise<[MethodReply]>
    let started: ContinuousClock.Instant

    /// What the next reply will be to.
    var action: String { methods[min(replies.count, methods.count - 1)]?.description ?? otherAction }
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

  /// Since when the reply has been awaited that has been awaited longest.
  var awaitedSince: ContinuousClock.Instant? { opening != nil ? opened : calls.first?.started }

  /// What that reply is to.
  var awaitedAction: String { opening != nil ? "open a channel" : calls.first?.action ?? "" }

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
