import AMQP

/// Keeps something served by replacing whatever broke: a channel, all that was declared on it, all that was consumed from it.
///
/// For ever: only the ``StopSignal`` or cancellation ends it.
struct Recovery: Sendable {
  let broker: any Broker
  let clock: any Clock<Duration>
  let logger: Logger
  let stop: StopSignal

  /// Opens a channel and has `serve` use it; when that throws, drops everything, waits a little and goes round again.
  ///
  /// Ends when `serve` returns, or when the stop is requested while there is no channel; returns whether it was `serve`.
  /// - Parameter lost: is told why, each time it goes round.
  @discardableResult
  func run(
    _ serve: @escaping @Sendable (any Channel) async throws -> Void, lost: @escaping @Sendable (any Error) -> Void
  ) async -> Bool {
    var generator = SystemRandomNumberGenerator()
    var backoff = Backoff()
    var lastWords = ""
    while !stop.isRequested, !Task.isCancelled {
      do {
        guard let channel = try await stop.unlessStopped({ try await broker.channel() }) else { return false }
        let served = ContinuousClock.now
        do {
          try await serve(channel)
          await channel.close()
          return true
        } catch {
          await channel.close()
          // One that lived for a while starts the waiting times anew; one that is refused at once does not.
          if served.duration(to: .now) > backoff.longest { backoff = Backoff() }
          throw error
        }
      } catch {
        if Task.isCancelled { return false }
        let delay = backoff.next(using: &generator)
        // The same words again and again would drown everything else in the log.
        if "\(error)" != lastWords || backoff.attempts.isMultiple(of: 50) {
          logger.warning(
            "No connection, trying again",
            ["reason": "\(error)", "attempt": "\(backoff.attempts)", "next_in": "\(delay.rounded)"])
        }
        lastWords = "\(error)"
        lost(error)
        _ = try? await stop.unlessStopped { try await clock.sleep(for: delay) }
      }
    }
    return false
  }
}

extension Duration {
  /// For people: milliseconds are enough.
  fileprivate var rounded: String {
    "\(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000) ms"
  }
}
