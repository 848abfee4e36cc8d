/// What is to be done about an application.
enum Work: Sendable {
  /// With the artifact's digest, and its address in the gem's form, where the request says them.
  case deploy(Digest?, Deploy.Source?)
  case rollback
  case restart
  /// An earlier run of the agent was ended in the middle.
  case recover
}

/// A step that did not succeed.
struct StepFailure: Error, CustomStringConvertible {
  let step: Step
  let reason: String
  let isCancelled: Bool

  init(_ step: Step, _ error: any Error) {
    self.step = step
    isCancelled = error is CancellationError
    reason = isCancelled ? "it was stopped" : "\(error)"
  }

  var description: String { "the step '\(step.rawValue)' failed: \(reason)" }
}
