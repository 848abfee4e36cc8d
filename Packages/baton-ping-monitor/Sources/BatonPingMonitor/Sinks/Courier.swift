import Baton

/// Carries what waits for one sink there: in order for each alert, again and again until it is taken.
///
/// A notice leaves the queue when the sink has taken it, so a crash between the two tells it once more, and never loses it.
struct Courier: Sendable {
  /// How it goes, for the metrics.
  struct Tally: Sendable, Hashable {
    var told = 0
    var failures = 0
    /// Why the last attempt failed; nil if it did not.
    var trouble: String?
  }

  /// The longest pause while a sink is away, and before a notice that was refused is offered again.
  static let longestPause: Duration = .seconds(30)
  static let longestRefusal: Duration = .seconds(300)

  let settings: SinkSettings
  let sink: any Sink
  let file: StateFile
  let doorbell: Doorbell
  let logger: Logger
  let now: @Sendable () -> Moment
  /// Only the monitor that leads tells anybody anything.
  let isLeading: @Sendable () async -> Bool
  let report: @Sendable (Tally) async -> Void

  /// Works until the task is cancelled.
  func run() async {
    var tally = Tally()
    var backoff = Backoff(longest: Self.longestPause)
    var generator = SystemRandomNumberGenerator()
    var resentAt = now()
    while !Task.isCancelled {
      do {
        guard await isLeading() else {
          await doorbell.wait(atMost: .seconds(5))
          continue
        }
        var waiting = try file.due(settings.name, most: sink.batch, at: now())
        if !waiting.isEmpty, settings.groupWait > .zero, waiting.count < sink.batch {
          try await Task.sleep(for: settings.groupWait)
          waiting = try file.due(settings.name, most: sink.batch, at: now())
        }
        if waiting.isEmpty {
          if let resend = settings.resend, now() >= resentAt + resend {
            resentAt = now()
            try await tellAgain()
          }
          await doorbell.wait(atMost: try pause(resentAt))
          continue
        }
        tally.told += try await carry(waiting)
        tally.trouble = nil
        backoff = Backoff(longest: Self.longestPause)
        await report(tally)
        if settings.pace > .zero { try await Task.sleep(for: settings.pace) }
      } catch {
        if Task.isCancelled { return }
        tally.failures += 1
        let wait = max(backoff.next(using: &generator), (error as? SinkFailure)?.retryAfter ?? .zero)
        if tally.trouble != "\(error)" || backoff.attempts.isMultiple(of: 20) {
          logger.warning(
            "A sink takes nothing; it is kept and told later",
            ["sink": settings.name, "reason": "\(error)", "next_in_ms": "\(Int(wait.milliseconds))"])
        }
        tally.trouble = "\(error)"
        await report(tally)
        try? await Task.sleep(for: wait)
      }
    }
  }

  /// Tells them together or, if that is refused, each by itself, so that one cannot keep the others. Gives how many were told.
  private func carry(_ waiting: [StateFile.Waiting]) async throws -> Int {
    do {
      try await sink.tell(waiting.map(\.notice))
      try file.remove(waiting)
      return waiting.count
    } catch let failure as SinkFailure where failure.isRefusal {
      guard waiting.count == 1 else {
        var told = 0
        for one in waiting { told += try await carry([one]) }
        return told
      }
      let wait = min(Self.longestRefusal, .seconds(1 << min(waiting[0].attempts, 16)))
      logger.error(
        "A sink refused a notice; it is offered again",
        [
          "sink": settings.name, "alert": waiting[0].notice.alert.key, "reason": failure.description,
          "attempt": "\(waiting[0].attempts + 1)", "next_in_s": "\(Int(wait.milliseconds / 1000))",
        ])
      try file.postpone(waiting[0], until: now() + wait)
      return 0
    }
  }

  /// Some sinks forget what they are not told again.
  private func tellAgain() async throws {
    let notices = try file.open(toldTo: settings.name).map {
      Notice(kind: .firing, alert: $0, previous: nil, at: now())
    }
    var rest = notices[...]
    while !rest.isEmpty {
      try await sink.tell(Array(rest.prefix(sink.batch)))
      rest = rest.dropFirst(sink.batch)
    }
  }

  /// Until the next postponed notice is due, or what is firing is to be told again; a ring comes before.
  private func pause(_ resentAt: Moment) throws -> Duration {
    var pause = Duration.seconds(60)
    if let due = try file.nextDue(settings.name) { pause = min(pause, due - now()) }
    if let resend = settings.resend { pause = min(pause, resentAt + resend - now()) }
    return max(pause, .milliseconds(10))
  }
}
