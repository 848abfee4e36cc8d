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

  /// What it does at the moment.
  struct Assignment: Sendable {
    let settings: SinkSettings
    let sink: any Sink
  }

  /// The longest pause before a notice that was refused is offered again.
  static let longestRefusal: Duration = .seconds(300)

  /// The sink's.
  let name: String
  let file: StateFile
  let doorbell: Doorbell
  let logger: Logger
  let now: @Sendable () -> Moment
  /// Nil while it has nothing to do: only the monitor that leads tells anybody anything, and a new configuration may know the sink no more.
  let assignment: @Sendable () async -> Assignment?
  let report: @Sendable (Tally) async -> Void

  /// Works until the task is cancelled.
  func run() async {
    var tally = Tally()
    var backoff: Backoff?
    var generator = SystemRandomNumberGenerator()
    var resentAt = now()
    while !Task.isCancelled {
      guard let assignment = await assignment() else {
        await doorbell.wait(atMost: .seconds(5))
        continue
      }
      let (settings, sink) = (assignment.settings, assignment.sink)
      do {
        var waiting = try file.due(name, most: sink.batch, at: now())
        if !waiting.isEmpty, settings.groupWait > .zero, waiting.count < sink.batch {
          try await Task.sleep(for: settings.groupWait)
          waiting = try file.due(name, most: sink.batch, at: now())
        }
        if waiting.isEmpty {
          if let resend = settings.resend, now() >= resentAt + resend {
            resentAt = now()
            try await tellAgain(sink)
          }
          await doorbell.wait(atMost: try pause(settings, resentAt))
          continue
        }
        tally.told += try await carry(waiting, to: sink)
        tally.trouble = nil
        backoff = nil
        await report(tally)
        if settings.pace > .zero { try await Task.sleep(for: settings.pace) }
      } catch {
        if Task.isCancelled { return }
        tally.failures += 1
        var attempts = backoff ?? Backoff(longest: settings.retry)
        let wait = max(attempts.next(using: &generator), (error as? SinkFailure)?.retryAfter ?? .zero)
        backoff = attempts
        if tally.trouble != "\(error)" || attempts.attempts.isMultiple(of: 20) {
          logger.warning(
            "A sink takes nothing; it is kept and told later",
            ["sink": name, "reason": "\(error)", "next_in_ms": "\(Int(wait.milliseconds))"])
        }
        tally.trouble = "\(error)"
        await report(tally)
        try? await Task.sleep(for: wait)
      }
    }
  }

  /// Tells them together or, if that is refused, each by itself, so that one cannot keep the others. Gives how many were told.
  private func carry(_ waiting: [StateFile.Waiting], to sink: any Sink) async throws -> Int {
    do {
      try await sink.tell(waiting.map(\.notice))
      try file.remove(waiting)
      return waiting.count
    } catch let failure as SinkFailure where failure.isRefusal {
      guard waiting.count == 1 else {
        var told = 0
        for one in waiting { told += try await carry([one], to: sink) }
        return told
      }
      let wait = min(Self.longestRefusal, .seconds(1 << min(waiting[0].attempts, 16)))
      logger.error(
        "A sink refused a notice; it is offered again",
        [
          "sink": name, "alert": waiting[0].notice.alert.key, "reason": failure.description,
          "attempt": "\(waiting[0].attempts + 1)", "next_in_s": "\(Int(wait.milliseconds / 1000))",
        ])
      try file.postpone(waiting[0], until: now() + wait)
      return 0
    }
  }

  /// Some sinks forget what they are not told again.
  private func tellAgain(_ sink: any Sink) async throws {
    let notices = try file.open(toldTo: name).map {
      Notice(kind: .firing, alert: $0, previous: nil, at: now())
    }
    var rest = notices[...]
    while !rest.isEmpty {
      try await sink.tell(Array(rest.prefix(sink.batch)))
      rest = rest.dropFirst(sink.batch)
    }
  }

  /// Until the next postponed notice is due, or what is firing is to be told again; a ring comes before.
  private func pause(_ settings: SinkSettings, _ resentAt: Moment) throws -> Duration {
    var pause = Duration.seconds(60)
    if let due = try file.nextDue(name) { pause = min(pause, due - now()) }
    if let resend = settings.resend { pause = min(pause, resentAt + resend - now()) }
    return max(pause, .milliseconds(10))
  }
}
