import Baton
import BatonProcess

extension Performer {
  func rollBack() async throws {
    guard let releasing = app.releasing else { return }
    try releasing.layout.prepare()
    try await putToWork(releasing)
  }

  func restart() async throws {
    try await restartAndCheck()
  }

  /// An application with a command of its own: what that does is its own business.
  func runCommand() async throws {
    guard case .command(let program) = app.method else { return }
    try await step(.command) { try await run(program, for: version, as: .command) }
    try journal.setRunning(
      app.name, RunningRecord(version: version, since: Surroundings.now, by: record.act.by, health: .unknown))
    try await restartAndCheck()
  }

  /// Puts the previous release back, if this one runs. Gives the error to end with: what failed, and how things stand now.
  func restore(after error: any Error, _ layout: Layout) async -> any Error {
    let failure = error as? StepFailure ?? StepFailure(record.act.step, error)
    var result = NotDeployed(failure.isCancelled ? .cancelled : .failed, failure.description)
    result.step = failure.step
    guard hasSwitched, layout.currentVersion() == version else {
      result.errorMessage += "; \(record.act.previous.map { "'\($0)' runs" } ?? "nothing runs") as before"
      return result
    }
    guard let previous = record.act.previous, canGoBack(layout) else {
      result.errorMessage += "; there is no other release to go back to, and 'current' stays '\(version)'"
      return result
    }
    do {
      try await step(.restore) {
        try activate(previous, layout)
        if let program = app.restart { try await run(program, for: previous, as: .restore) }
        guard let check = app.health else { return }
        do {
          try await checkHealth(check, of: previous)
          try journal.setHealth(app.name, .healthy)
        } catch {
          try journal.setHealth(app.name, .unhealthy)
          throw error
        }
      }
      result.errorMessage += "; '\(previous)' is back"
    } catch {
      let now = layout.currentVersion() ?? "nothing"
      result.errorMessage +=
        "; going back to '\(previous)' failed as well: \(error); 'current' is '\(now)': see to this host"
    }
    return result
  }

  // MARK: - After an interruption

  /// Goes on where an earlier run of the agent was ended: finishes what is all but done, and takes back what is not.
  func recover() async throws {
    let strays = ProcessTable.processes(with: "\(mark.name)=\(mark.value)", session: Int32(record.session))
    if !ProcessTable.end(strays) {
      voice.logger.error("Processes of an interrupted act cannot be ended", ["app": app.name, "id": id])
    }
    guard let releasing = app.releasing else {
      if record.act.kind == .restart { return try await restartAndCheck() }
      throw interruption("what its command has done is not known")
    }
    let layout = releasing.layout
    if record.act.kind == .restart { return try await restartAndCheck() }
    guard layout.currentVersion() == version, hasSwitched else {
      removeIncoming(layout)
      if record.act.step == .restore { return try await finishRestoring(layout) }
      throw interruption(record.act.previous.map { "'\($0)' runs as before" } ?? "nothing runs, as before")
    }
    if isAllButDone {
      do { try await finish() } catch {
        throw await Task { await self.restore(after: error, layout) }.value
      }
      return
    }
    if !canGoBack(layout), onlyRestartIsLeft { return try await restartAndCheck() }
    let restored = await restore(after: Interrupted(), layout)
    throw interruption(
      (restored as? NotDeployed)?.errorMessage.split(separator: "; ", maxSplits: 1).last.map(String.init) ?? "")
  }

  /// Whether it is this act that has made the version the current one.
  private var hasSwitched: Bool {
    switch record.act.step {
    case .accept, .fetch, .verify, .unpack, .link, .before: false
    default: true
    }
  }

  /// Whether all that cannot be done twice has been done: only looking is left.
  private var isAllButDone: Bool {
    switch record.act.step {
    case .health, .prune: true
    case .restart: record.isStepDone
    default: onlyRestartIsLeft && app.restart == nil
    }
  }

  /// Whether all but the restart has been done; that can be done twice.
  private var onlyRestartIsLeft: Bool {
    switch record.act.step {
    case .restart: true
    case .after: record.isStepDone && (app.releasing?.after.count ?? 0) <= 1
    case .activate: record.isStepDone && (app.releasing?.after.isEmpty ?? true)
    default: false
    }
  }

  /// Whether there is another release that ran before.
  private func canGoBack(_ layout: Layout) -> Bool {
    guard let previous = record.act.previous else { return false }
    return previous != version && layout.hasRelease(previous)
  }

  private func finish() async throws {
    guard let check = app.health, record.act.step != .prune else { return }
    try await step(.health) { try await checkHealth(check, of: version) }
    try journal.setHealth(app.name, .healthy)
  }

  /// The previous release is back, but perhaps not started.
  private func finishRestoring(_ layout: Layout) async throws {
    let previous = layout.currentVersion()
    try await step(.restore) {
      if let program = app.restart { try await run(program, for: previous, as: .restore) }
      if let check = app.health { try await checkHealth(check, of: previous) }
    }
    throw interruption("\(previous.map { "'\($0)'" } ?? "nothing") is back")
  }

  private func interruption(_ state: String) -> NotDeployed {
    var result = NotDeployed(
      .interrupted, "the agent was ended in the step '\(record.act.step.rawValue)'; \(state)")
    result.step = record.act.step
    return result
  }

  private struct Interrupted: Error, CustomStringConvertible {
    let description = "the agent was ended"
  }
}
