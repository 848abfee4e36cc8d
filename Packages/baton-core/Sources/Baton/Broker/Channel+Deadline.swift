public import AMQP

extension Channel {
  /// Publishes messages, and gives up waiting for what became of them after a while.
  ///
  /// Throws `AMQPError` `.blocked` if an alarm of the broker is why, `.timedOut` otherwise; either way the broker may still take them.
  /// - Parameter action: what is being done, to be read after "could not".
  public func publish(
    _ messages: [Publishing], within limit: Duration, while action: String,
    clock: any Clock<Duration> = ContinuousClock()
  ) async throws -> [Confirm] {
    try await withThrowingTaskGroup(of: [Confirm]?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await publish(messages) }
      group.addTask {
        try await clock.sleep(for: limit)
        return nil
      }
      guard let confirms = try await group.next() ?? nil else { throw unconfirmed(within: limit, while: action) }
      return confirms
    }
  }

  /// The broker has said nothing of a message in time: it has an alarm, or it is stuck.
  func unconfirmed(within limit: Duration, while action: String) -> AMQPError {
    guard let reason = blocked else {
      return AMQPError(.timedOut, "the broker has not confirmed it within \(limit)", while: action)
    }
    let alarm = ["memory", "disk"].first { reason.contains($0) }.map { "\($0) alarm" } ?? reason
    return AMQPError(.blocked, "broker blocked: \(alarm)", while: action)
  }
}
