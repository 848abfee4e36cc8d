import BatonDeploy
import BatonDeployControl

/// An event in words.
struct EventLine {
  let text: String
  /// Whether it is about a host; what is about the rollout as a whole is for people.
  let isData: Bool

  /// Nil for what is not worth a line: a step that begins is seen by its end.
  init?(_ event: RolloutEvent) {
    switch event.what {
    case .connected: return nil
    case .disconnected(let reason):
      (text, isData) = ("connection lost, no host begins until it is there again: \(reason)", false)
    case .stopped(let by): (text, isData) = ("stopped by \(by)", false)
    case .turned:
      guard let words = event.rollout.stateInWords else { return nil }
      (text, isData) = (words, false)
    case .told(let assignments):
      let back = assignments.first?.direction == .back ? "to go back" : "to begin"
      (text, isData) = (assignments.map(\.host).joined(separator: " ") + " told \(back)", true)
    case .unrouted(let assignment):
      (text, isData) = ("\(assignment.host) is not connected, and is told when it is up", true)
    case .progress(let assignment, let progress):
      if progress.state == .output {
        (text, isData) = ("\(assignment.host) \(progress.step.rawValue): \(progress.message)", true)
        return
      }
      guard progress.state != .begun else { return nil }
      let took = progress.milliseconds.map { " \(Elapsed.text($0))" } ?? ""
      (text, isData) = ("\(assignment.host) \(progress.step.rawValue) \(progress.state.rawValue)\(took)", true)
    case .done(let assignment, let deployed):
      let verb = assignment.direction == .back ? "is back at" : "runs"
      (text, isData) = (
        "\(assignment.host) \(verb) \(deployed.version ?? "(none)") \(Elapsed.text(deployed.milliseconds))", true
      )
    case .failed(let assignment, _), .lost(let assignment):
      let host = event.rollout.host(assignment.host)
      guard let work = assignment.direction == .back ? host?.undo : host?.act else { return nil }
      let way = assignment.direction == .back ? "going back " : ""
      (text, isData) = ("\(assignment.host) \(way)\(work.phase.rawValue): \(work.words)", true)
    }
  }
}

extension Rollout {
  /// Where it stands as a whole, if there is something to say of it.
  var stateInWords: String? {
    switch (state, direction) {
    case (.proposed, _), (.going, .forward), (.ended, _), (.paused, _): nil
    case (.going, .back): "too many failures: those that have switched go back"
    case (.stopping(.failures), _): "too many failures: no other host begins"
    case (.stopping(.operator), _):
      "stopping: no other host begins; \(underWay.count) under way end. Ctrl-C again leaves at once"
    }
  }
}
