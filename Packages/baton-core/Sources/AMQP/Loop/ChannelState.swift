/// What the loop knows of one channel.
final class ChannelState {
  /// Methods that were sent and whose replies are awaited, in their order.
  struct Call {
    /// Nil stands for what ``otherAction`` tells.
    let methods: [Method?]
    /// In words that follow "could not", of what is no ``Method``.
    var otherAction = ""
    /// Of a consumer to start.
    var startedConsumer: String?
    var replies: [MethodReply] = []
    let promise: Promise<[MethodReply]>
    let started: Moment

    private var next: Method? { methods[min(replies.count, methods.count - 1)] }

    /// What the next reply will be to.
    var action: String { next?.description ?? otherAction }

    /// The consumer that the next reply will be about.
    var consumer: String? { if case .cancelConsumer(let tag) = next { tag } else { startedConsumer } }
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
  var upkeep: Upkeep?
  var consumers: [String: Consumer] = [:]
  var assembly = Assembly()
  /// The promise of `channel.open`, until it is open.
  var opening: Promise<ChannelID>?
  let opened = Moment.now
  /// Closed from this side: frames that still come are of no interest.
  var isClosing = false

  private let remedies: [AMQPError.Code: String]

  init(id: ChannelID, remedies: [AMQPError.Code: String]) {
    self.id = id
    self.remedies = remedies
  }

  /// Since when the reply has been awaited that has been awaited longest.
  var awaitedSince: Moment? { opening != nil ? opened : calls.first?.started }

  /// What that reply is to.
  var awaitedAction: String { opening != nil ? "open a channel" : calls.first?.action ?? "" }

  /// The next reply has come.
  ///
  /// - Parameter consumer: the tag in it, if there is one. Its queue says it, and may do so after the broker has replied to what was
  ///   sent later.
  func reply(_ reply: MethodReply, about consumer: String? = nil) {
    guard let index = calls.firstIndex(where: { $0.consumer == consumer }) ?? calls.indices.first else { return }
    calls[index].replies.append(reply)
    if calls[index].replies.count == calls[index].methods.count {
      let call = calls.remove(at: index)
      call.promise.succeed(call.replies)
    }
    if calls.isEmpty { upkeep?.end(at: .now) }
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
    func error(while action: String) -> AMQPError {
      AMQPError(code, reason, remedy: remedies[code], while: action)
    }
    opening?.fail(error(while: action ?? "open a channel"))
    for call in calls { call.promise.fail(error(while: current ?? call.action)) }
    confirms.failAll(error(while: action ?? "publish"))
    for consumer in consumers.values { consumer.inbox.finish(throwing: error(while: current ?? consumer.action)) }
    calls = []
    consumers = [:]
    upkeep = nil
  }
}
