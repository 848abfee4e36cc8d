import AMQP

/// What a service has said and the broker has not yet confirmed: kept in order, sent again after a lost connection.
///
/// It is bounded: when it is full, what nobody waits for any more goes first, then progress, the oldest first, and each loss is counted
/// and logged. A final answer that is still waited for never goes. With a journal what it keeps outlives the process.
final class Outbox: Observer {
  private struct Entry {
    let number: Int64
    let output: Output
    /// When nobody waits for it any more.
    let expires: ContinuousClock.Instant?
  }

  private struct State {
    var waiting: [Entry] = []
    var lastNumber: Int64 = 0
    var dropped = 0
    var closed = false
    /// The number of the last message that is under way.
    var underWay: Int64 = 0
    /// Where the pump waits for the next message, which goes at once.
    var idle: (channel: any Channel, confirms: Promise<[Confirm]>)?
  }

  /// Messages under way at once.
  private static let batch = 256

  private let state: Locked<State>
  private let exchange: String
  private let appID: String
  private let capacity: Int
  private let journal: (any OutboxJournal)?
  private let now: @Sendable () -> ContinuousClock.Instant
  private let logger: Logger
  private let confirmed: @Sendable ([String]) -> Void

  /// - Parameters:
  ///   - capacity: messages kept while no broker takes them.
  ///   - journal: gives what an earlier process left, and keeps what this one will leave.
  ///   - confirmed: is told the ids of messages that the broker has taken over.
  init(
    exchange: String, appID: String, capacity: Int = 10_000, journal: (any OutboxJournal)? = nil,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, logger: Logger,
    confirmed: @escaping @Sendable ([String]) -> Void = { _ in }
  ) {
    self.exchange = exchange
    self.appID = appID
    self.capacity = capacity
    self.journal = journal
    self.now = now
    self.logger = logger
    self.confirmed = confirmed
    var state = State()
    do {
      state.waiting = try (journal?.load() ?? []).map { Entry(number: $0.number, output: $0.output, expires: nil) }
    } catch {
      logger.error("Cannot read what was left unsent", ["reason": "\(error)"])
    }
    state.lastNumber = state.waiting.last?.number ?? 0
    self.state = Locked(state)
  }

  func observe(_ output: Output) {
    // In one step, so that what is on disk is in the order of what is said.
    let (idle, messages, dropped) = state.withLock { state in
      state.lastNumber += 1
      let expires = output.timeToLive.map { now() + $0 }
      state.waiting.append(Entry(number: state.lastNumber, output: output, expires: expires))
      keep(output, number: state.lastNumber)
      var dropped: Int?
      if state.waiting.count > capacity, let index = leastMissed(in: state.waiting) {
        forget([state.waiting.remove(at: index).number])
        state.dropped += 1
        dropped = state.dropped
      }
      defer { state.idle = nil }
      return (state.idle, state.idle == nil ? [] : next(&state), dropped)
    }
    if let idle { idle.channel.publish(messages, confirms: idle.confirms) }
    if let dropped, dropped == 1 || dropped.isMultiple(of: 1000) {
      logger.error("Outbox full, oldest messages dropped", ["capacity": "\(capacity)", "dropped": "\(dropped)"])
    }
  }

  /// Nothing more will be said: ``pump(into:)`` ends when all is sent.
  func close() {
    let idle = state.withLock { state in
      state.closed = true
      defer { state.idle = nil }
      return state.idle
    }
    idle?.confirms.succeed([])
  }

  /// Sends what is there and what comes; a message leaves the box when the broker has confirmed it.
  ///
  /// Ends when the box is closed and empty; throws when the channel is lost. One pump runs at a time.
  func pump(into channel: any Channel) async throws {
    defer { state.withLock { $0.idle = nil } }
    while true {
      let confirms = Promise<[Confirm]>()
      let messages = state.withLock { state -> [Publishing]? in
        if !state.waiting.isEmpty { return next(&state) }
        if state.closed { return nil }
        state.idle = (channel, confirms)
        return []
      }
      guard let messages else { return }
      if !messages.isEmpty { channel.publish(messages, confirms: confirms) }
      guard try await !confirms.value.contains(.refused) else {
        throw AMQPError(.refused, "the broker did not take a message over", while: "publish to '\(exchange)'")
      }
      let ids = state.withLock { state in
        let count = state.waiting.firstIndex { $0.number > state.underWay } ?? state.waiting.count
        forget(state.waiting.prefix(count).map(\.number))
        let ids = state.waiting.prefix(count).map(\.output.messageID)
        state.waiting.removeFirst(count)
        return ids
      }
      logger.debug("Confirmed", ["message_ids": ids.joined(separator: " ")])
      confirmed(ids)
    }
  }

  /// The messages to send next, under way from now on.
  private func next(_ state: inout State) -> [Publishing] {
    let batch = state.waiting.prefix(Self.batch)
    if let last = batch.last { state.underWay = last.number }
    return batch.map { $0.output.publishing(to: exchange, appID: appID) }
  }

  /// Which to drop: the oldest that has expired, else the oldest progress, else the oldest that is not final; nil keeps all.
  private func leastMissed(in waiting: [Entry]) -> Int? {
    let now = now()
    return waiting.firstIndex { $0.expires.map { $0 < now } ?? false }
      ?? waiting.firstIndex { $0.output.type == Info.type }
      ?? waiting.firstIndex { !$0.output.isFinal }
  }

  // MARK: - Journal

  private func keep(_ output: Output, number: Int64) {
    do { try journal?.save(OutboxEntry(number: number, output: output)) } catch {
      logger.error(
        "What was said is kept in memory alone until it is sent", ["type": output.type, "reason": "\(error)"])
    }
  }

  private func forget(_ numbers: [Int64]) {
    do { try journal?.remove(numbers) } catch {
      logger.error("What was sent may be sent again after a restart", ["reason": "\(error)"])
    }
  }
}
