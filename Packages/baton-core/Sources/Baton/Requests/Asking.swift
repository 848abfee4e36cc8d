import AMQP

/// One request under way: publishes it, and turns what happens into answers until the ``Inquiry`` is complete or its time is over.
struct Asking<R: Request>: Sendable {
  private enum Event: Sendable {
    case confirmed([Target], [Confirm])
    case received([AnyMessage])
    case over
    /// So long after the answer of that number.
    case quiet(Int)
  }

  let request: R
  let conversation: Conversation
  var inquiry: Inquiry<R>
  let ending: Ending
  let clock: any Clock<Duration>

  private var answers = 0
  private var start = ContinuousClock.now

  init(request: R, conversation: Conversation, inquiry: Inquiry<R>, ending: Ending, clock: any Clock<Duration>) {
    self.request = request
    self.conversation = conversation
    self.inquiry = inquiry
    self.ending = ending
    self.clock = clock
  }

  mutating func run(_ yield: @escaping @Sendable (Answer<R.Reply>) -> Void) async throws {
    start = .now
    try await withThrowingTaskGroup(of: Event.self) { group in
      defer { group.cancelAll() }
      publish(inquiry.targets, in: &group)
      receive(in: &group)
      group.addTask { [clock, ending] in
        try await clock.sleep(for: ending.deadline)
        return .over
      }
      while !inquiry.isComplete, let event = try await group.next() {
        switch event {
        case .confirmed(let targets, let confirmations):
          try confirmed(targets, confirmations, in: &group, yield)
        case .received(let messages):
          received(messages, in: &group, yield)
          receive(in: &group)
        case .over:
          try checkThatItWasSent()
          return
        case .quiet(let number):
          if number == answers, inquiry.isConfirmed { return }
        }
      }
    }
    for server in inquiry.silent() { yield(Answer(sender: server, outcome: .silent, elapsed: elapsed)) }
  }

  private var elapsed: Duration { start.duration(to: .now) }

  private func publish(_ targets: [Target], in group: inout ThrowingTaskGroup<Event, any Error>) {
    group.addTask { [request, conversation, inquiry, ending] in
      .confirmed(
        targets,
        try await conversation.send(
          request, to: targets, correlationID: inquiry.correlationID, timeToLive: ending.deadline))
    }
  }

  private func receive(in group: inout ThrowingTaskGroup<Event, any Error>) {
    group.addTask { [conversation] in .received(try await conversation.receive()) }
  }

  private mutating func confirmed(
    _ targets: [Target], _ confirmations: [Confirm], in group: inout ThrowingTaskGroup<Event, any Error>,
    _ yield: (Answer<R.Reply>) -> Void
  ) throws {
    var returned: [Target] = []
    for (target, confirmation) in zip(targets, confirmations) {
      switch confirmation {
      case .refused: throw AMQPError(.refused, "the broker did not take the request over", while: "ask '\(target.key)'")
      case .returned where inquiry.legacy && target.host != nil: returned.append(target)
      default: break
      }
      let isAskedAgain = returned.last == target
      for server in inquiry.confirmed(target, confirmation) where !isAskedAgain {
        yield(Answer(sender: server, outcome: .notConnected, elapsed: elapsed))
      }
    }
    if !returned.isEmpty { publish(inquiry.askAgain(returned), in: &group) }
  }

  private mutating func received(
    _ messages: [AnyMessage], in group: inout ThrowingTaskGroup<Event, any Error>, _ yield: (Answer<R.Reply>) -> Void
  ) {
    for message in messages {
      guard let outcome = inquiry.received(message) else { continue }
      answers += 1
      yield(Answer(sender: message.sender, outcome: outcome, elapsed: elapsed))
    }
    guard let quiet = ending.quiet, answers > 0 else { return }
    group.addTask { [clock, answers] in
      try await clock.sleep(for: quiet)
      return .quiet(answers)
    }
  }

  /// A request that the broker never confirmed is not one that nobody answered.
  private func checkThatItWasSent() throws {
    guard !inquiry.isConfirmed else { return }
    throw conversation.channel.unconfirmed(within: ending.deadline, while: "ask")
  }
}
