import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl

/// Shows a rollout while it goes on, and what it came to.
protocol RolloutView: Sendable {
  func show(_ event: RolloutEvent) async
  /// Gives the code to exit with.
  func finish(_ rollout: Rollout) async -> ExitCode
}

/// One line for each thing that happens, where nobody sits at a terminal.
struct PlainView: RolloutView {
  func show(_ event: RolloutEvent) {
    guard let line = EventLine(event) else { return }
    let time = Moment.text(event.time).suffix(9)
    let output = line.isData ? Output.standard : Output.error
    output.writeLine("\(time) \(line.text)".escapingControlCharacters)
  }

  func finish(_ rollout: Rollout) -> ExitCode {
    Output.standard.write("\n" + SummaryText(rollout, Style(for: .standard)).text)
    Output.error.write(NextSteps(rollout).text)
    return ExitCode(rollout)
  }
}

/// One JSON object for each thing that happens, and one at the end.
struct JSONView: RolloutView {
  func show(_ event: RolloutEvent) { Output.standard.writeJSON(EventDocument(event)) }

  func finish(_ rollout: Rollout) -> ExitCode {
    Output.standard.writeJSON(SummaryDocument(rollout))
    Output.error.write(NextSteps(rollout).text)
    return ExitCode(rollout)
  }
}

extension ExitCode {
  /// What a rollout came to.
  init(_ rollout: Rollout) {
    let acts = rollout.hosts.flatMap { [$0.act, $0.undo].compactMap(\.self) }
    if rollout.state == .paused(.operator) || !rollout.isOver || rollout.state == .stopping(.operator) {
      self = .interrupted
    } else if acts.contains(where: { $0.phase == .silent || $0.phase == .notConnected }) {
      self = .missing
    } else {
      self = acts.contains { $0.phase == .failed } || rollout.state != .ended ? .failure : .success
    }
  }
}
