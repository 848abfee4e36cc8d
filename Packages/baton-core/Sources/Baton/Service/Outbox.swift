import AMQP

/// What a service has said and the broker has not yet confirmed: kept in order, sent again after a lost connection.
///
/// It is bounded: when it is full the oldest progress goes first, then the oldest of all, and each loss is counted and logged.
final class Outbox: Observer {
  /// Messages kept while no broker takes them.
  static let capacity = 10_000
  /// Messages under way at once.
  private static let batch = 256

  private struct State {
    var waiting: [(number: Int, output: Output)] = []
    var lastNumber = 0
    var dropped = 0
    var closed = false
    var pump: Promise<Void>?
  }

  private let state = Locked(State())
  private let exchange: String
  private let appID: String
  private let logger: Logger
  private let confirmed: @Sendable (String) -> Void

  /// - Parameter confirmed: is told the id of each message that has one, when the broker has taken it over.
  init(exchange: String, appID: String, logger: Logger, confirmed: @escaping @Sendable (String) -> Void = { _ in }) {
    self.exchange = exchange
    self.appID = appID
    self.logger = logger
    self.confirmed = confirmed
  }

  func observe(_ output: Output) async {
    let (pump, dropped) = state.withLock { state -> (Promise<Void>?, Int?) in
      state.lastNumber += 1
      state.waiting.append((state.lastNumber, output))
      var dropped: Int?
      if state.waiting.count > Self.capacity {
        state.waiting.remove(at: state.waiting.firstIndex { $0.output.type == Info.type } ?? 0)
        state.dropped += 1
        dropped = state.dropped
      }
      defer { state.pump = nil }
      return (state.pump, dropped)
    }
    pump?.succeed(())
    if let dropped, dropped == 1 || dropped.isMultiple(of: 1000) {
      logger.error("Outbox full, oldest messages dropped", ["capacity": "\(Self.capacity)", "dropped": "\(dropped)"])
    }
  }

  /// Nothing more will be said: ``pump(into:)`` ends when all is sent.
  func close() {
    let pump = state.withLock { state in
      state.closed = true
      defer { state.pump = nil }
      return state.pump
    }
    pump?.succeed(())
  }

  /// Sends what is there and what comes; a message leaves the box when the broker has confirmed it.
  ///
  /// Ends when the box is closed and empty; throws when the channel is lost. One pump runs at a time.
  func pump(into channel: any Channel) async throws {
    while true {
      let (batch, promise) = state.withLock { state -> (ArraySlice<(number: Int, output: Output)>, Promise<Void>?) in
        if !state.waiting.isEmpty || state.closed { return (state.waiting.prefix(Self.batch), nil) }
        let promise = Promise<Void>()
        state.pump = promise
        return ([], promise)
      }
      if let promise {
        try await promise.value
        continue
      }
      guard let last = batch.last?.number else { return }
      let confirmations = try await channel.publish(batch.map { $0.output.publishing(to: exchange, appID: appID) })
      guard !confirmations.contains(.refused) else {
        throw AMQPError(.refused, "the broker did not take a message over", while: "publish to '\(exchange)'")
      }
      state.withLock { state in
        let sent = state.waiting.firstIndex { $0.number > last } ?? state.waiting.count
        state.waiting.removeFirst(sent)
      }
      for id in batch.compactMap(\.output.id) { confirmed(id) }
    }
  }
}
