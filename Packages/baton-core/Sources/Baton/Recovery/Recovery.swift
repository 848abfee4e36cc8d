import AMQP

/// Keeps something served by replacing whatever broke: a channel, all that was declared on it, all that was consumed from it.
///
/// For ever: only the ``StopSignal`` or cancellation ends it.
public struct Recovery: Sendable {
  private let broker: any Broker
  private let clock: any Clock<Duration>
  private let logger: Logger
  private let stop: StopSignal

  public init(broker: any Broker, clock: any Clock<Duration> = ContinuousClock(), logger: Logger, stop: StopSignal) {
    self.broker = broker
    self.clock = clock
    self.logger = logger
    self.stop = stop
  }

  /// What becomes of the channel meanwhile.
  public enum Event: Sendable {
    /// It goes round again, and this is why.
    case lost(any Error)
    /// The broker takes no messages: an alarm of memory or disk, in its own words.
    case blocked(String)
    /// With the broker's address.
    case unblocked(String?)
  }

  /// Opens a channel and has `serve` use it; when that throws, or the channel is lost, drops everything, waits a little and goes round
  /// again.
  ///
  /// Ends when `serve` returns, or when the stop is requested while there is no channel; returns whether it was `serve`.
  @discardableResult
  public func run(
    _ serve: @escaping @Sendable (any Channel) async throws -> Void, report: @escaping @Sendable (Event) -> Void
  ) async -> Bool {
    var generator = SystemRandomNumberGenerator()
    var backoff = Backoff()
    var lastWords = ""
    while !stop.isRequested, !Task.isCancelled {
      do {
        guard let channel = try await stop.unlessStopped({ try await broker.channel() }) else { return false }
        let served = ContinuousClock.now
        do {
          try await watch(channel, report: report) { try await serve(channel) }
          await channel.close()
          return true
        } catch {
          await channel.close()
          // One that lived for a while starts the waiting times anew; one that is refused at once does not.
          if served.duration(to: .now) > backoff.longest { (backoff, lastWords) = (Backoff(), "") }
          throw error
        }
      } catch {
        if Task.isCancelled { return false }
        let delay = backoff.next(using: &generator)
        // The same words again and again would drown everything else in the log.
        if "\(error)" != lastWords || backoff.attempts.isMultiple(of: 50) {
          logger.log(
            (error as? AMQPError)?.needsPerson == true ? .error : .warning, "No connection, trying again",
            ["reason": "\(error)", "attempt": "\(backoff.attempts)", "next_in": "\(delay.rounded)"])
        }
        lastWords = "\(error)"
        report(.lost(error))
        _ = try? await stop.unlessStopped { try await clock.sleep(for: delay) }
      }
    }
    return false
  }

  /// Serves while it watches for alarms. A channel that is lost ends it, whether `serve` notices or not.
  private func watch(
    _ channel: any Channel, report: @escaping @Sendable (Event) -> Void,
    serve: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask(operation: serve)
      group.addTask {
        var known: String?
        while true {
          known = try await channel.blocked(otherThan: known)
          if let known {
            logger.error("The broker takes no messages", ["alarm": known])
            report(.blocked(known))
          } else {
            logger.info("The broker takes messages again")
            report(.unblocked(channel.address))
          }
        }
      }
      try await group.next()
    }
  }
}

extension Duration {
  /// For people: milliseconds are enough.
  fileprivate var rounded: String {
    "\(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000) ms"
  }
}
