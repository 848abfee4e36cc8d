import AMQP
import Baton
import BatonProcess

/// Does one act, from its row in the journal to its last word: tells of each step, and leaves the application with what it asked for or
/// with what it had.
actor Performer {
  /// Lines of a step that are told; the rest is counted.
  static let lines = 500
  /// Further than any act can have counted since its last row in the journal.
  private static let leap = 10_000

  let app: App
  private(set) var record: ActRecord
  let journal: Journal
  let surroundings: Surroundings
  let stateFolder: String
  let voice: Voice
  private var origin: Properties
  /// Let go before the last word: who hears that may ask for the next act.
  private var lock: FileLock?
  /// Lines that the step at hand has written.
  private var lineCount = 0

  init(
    _ app: App, _ record: ActRecord, lock: FileLock, journal: Journal, surroundings: Surroundings, stateFolder: String,
    voice: Voice
  ) {
    self.app = app
    self.record = record
    self.lock = lock
    self.journal = journal
    self.surroundings = surroundings
    self.stateFolder = stateFolder
    self.voice = voice
    origin = record.origin
  }

  var id: String { record.act.id }
  var version: String { record.act.version ?? "" }

  /// The requester listens elsewhere now.
  func redirect(to request: Properties) {
    record.correlationID = request.correlationID ?? request.messageID
    record.replyTo = request.replyTo
    origin = record.origin
  }

  /// Does it, and has the last word.
  func perform(_ work: Work) async {
    if case .recover = work { record.sequence += Self.leap } else { say("accepted", .accept, .done) }
    do {
      switch work {
      case .deploy(let digest, let source):
        if let releasing = app.releasing {
          try await deploy(releasing, digest, source)
        } else {
          try await runCommand()
        }
      case .rollback: try await rollBack()
      case .restart: try await restart()
      case .recover: try await recover()
      }
      await succeed()
    } catch {
      await fail(error)
    }
  }

  // MARK: - Steps

  /// Does a step between two rows in the journal.
  func step<Value>(_ step: Step, _ body: () async throws -> Value) async throws -> Value {
    let begun = ContinuousClock.now
    do {
      try Task.checkCancellation()
      try write(step, isDone: false)
      surroundings.failpoint("\(step.rawValue).begun")
      lineCount = 0
      say("\(step.rawValue) …", step, .begun)
      let value = try await body()
      try write(step, isDone: true)
      surroundings.failpoint("\(step.rawValue).done")
      say(step.rawValue, step, .done, after: begun.duration(to: .now))
      return value
    } catch {
      let failure = StepFailure(step, error)
      say(app.masker.masked(failure.description), step, .failed, after: begun.duration(to: .now))
      throw failure
    }
  }

  private func write(_ step: Step, isDone: Bool) throws {
    record.act.step = step
    record.isStepDone = isDone
    try journal.step(app.name, id, step, isDone: isDone, sequence: record.sequence)
  }

  /// Runs a program as part of a step. Throws what a step throws, with the last of what it wrote.
  func run(_ program: StepProgram, for version: String?, as step: Step) async throws {
    let last = LastLine()
    let ending = try await self.program(program, for: version).run { line in
      await last.set(line)
      await self.tell(line, of: step)
    }
    if lineCount > Self.lines || ending.dropped > 0 {
      say("… and \(max(0, lineCount - Self.lines)) more lines, \(ending.dropped) bytes not read", step, .output)
    }
    switch ending.way {
    case .exited(0): return
    case .cancelled where ending.isGone: throw CancellationError()
    default:
      let words = program.words.first?.filled(values(version)) ?? ""
      let said = await last.text.map { ": \($0)" } ?? ""
      throw ProgramFailure(description: "'\(words)' \(ending)\(said)")
    }
  }

  private func tell(_ line: String, of step: Step) {
    lineCount += 1
    guard lineCount <= Self.lines else { return }
    say(app.masker.masked(line.escapingControlCharacters), step, .output)
  }

  // MARK: - Words

  func say(_ message: String, _ step: Step, _ state: Progress.State, after duration: Duration? = nil) {
    record.sequence += 1
    voice.say(
      Progress(
        message: message, id: id, app: app.name, step: step, state: state,
        milliseconds: duration.map { Int64($0.milliseconds) }, sequence: record.sequence), answering: origin)
  }

  private func succeed() async {
    let kind = record.act.kind
    do {
      if kind != .restart, !version.isEmpty { try journal.markGood(app.name, version) }
    } catch {
      voice.logger.error("Cannot mark a release as good", ["app": app.name, "version": version, "error": "\(error)"])
    }
    record.sequence += 1
    let what = [kind.rawValue, app.name, record.act.version].compactMap(\.self).joined(separator: " ")
    let result = Deployed(
      message: "\(what): done", id: id, app: app.name, version: currentVersion, previous: record.act.previous,
      milliseconds: elapsed, sequence: record.sequence)
    end(.success, result)
    voice.say(result, answering: origin, id: record.resultID(on: voice.server))
  }

  private func fail(_ error: any Error) async {
    record.sequence += 1
    var result = error as? NotDeployed ?? NotDeployed(.failed, "\(error)")
    if let failure = error as? StepFailure {
      result = NotDeployed(failure.isCancelled ? .cancelled : .failed, failure.description)
      result.step = failure.step
    }
    result.errorMessage = app.masker.masked(result.errorMessage)
    (result.id, result.app, result.version, result.current) = (id, app.name, record.act.version, currentVersion)
    (result.milliseconds, result.sequence) = (elapsed, record.sequence)
    end(.error, result)
    voice.say(result, answering: origin, id: record.resultID(on: voice.server))
  }

  private func end(_ outcome: Act.Outcome, _ result: some Encodable) {
    surroundings.failpoint("end.begun")
    do {
      _ = try journal.end(
        app.name, id, outcome, result: JSONText.encode(result), resultID: record.resultID(on: voice.server),
        at: Surroundings.now)
    } catch {
      // It is told all the same; after the next start it is told again, under the same id.
      voice.logger.error("Cannot write down a result", ["app": app.name, "id": id, "error": "\(error)"])
    }
    surroundings.failpoint("end.done")
    lock = nil
  }

  var currentVersion: String? {
    if let releasing = app.releasing { return releasing.layout.currentVersion() }
    return try? journal.running(app.name)?.version
  }

  private var elapsed: Int64 { max(0, Surroundings.now - record.act.begun) }
}

/// A program of a step that did not end well.
struct ProgramFailure: Error, CustomStringConvertible {
  let description: String
}

/// What a program wrote last.
private actor LastLine {
  private(set) var text: String?

  func set(_ line: String) { if !line.isEmpty { text = String(line.escapingControlCharacters.prefix(300)) } }
}
