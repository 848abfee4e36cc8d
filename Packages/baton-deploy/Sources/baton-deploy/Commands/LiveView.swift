import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl

/// A rollout on a terminal: a picture that is drawn over itself, and the summary below it.
actor LiveView: RolloutView {
  private let screen = Output.standard
  private let style = Style(for: .standard)
  private let times = Times.system
  private var rollout: Rollout?
  private var note = ""
  /// What the step at hand has written last, by host.
  private var output: [String: String] = [:]
  /// Lines of the picture that is on the screen.
  private var drawn = 0
  private var ticking: Task<Void, Never>?

  func show(_ event: RolloutEvent) {
    rollout = event.rollout
    switch event.what {
    case .disconnected(let reason): note = "connection lost, no host begins until it is there again: \(reason)"
    case .connected, .turned: note = event.rollout.stateInWords ?? ""
    case .stopped(let by): note = "stopped by \(by)"
    case .progress(let assignment, let progress):
      output[assignment.host] = progress.state == .output ? progress.message : nil
    case .told, .unrouted, .done, .failed, .lost: break
    }
    draw()
    guard ticking == nil else { return }
    // Ended by `finish`; a failure ends the program.
    ticking = Task { [times] in
      while (try? await times.clock.sleep(for: .seconds(1))) != nil { draw() }
    }
  }

  func finish(_ rollout: Rollout) -> ExitCode {
    ticking?.cancel()
    self.rollout = rollout
    note = ""
    draw()
    screen.write("\n" + SummaryText(rollout, style).text)
    Output.error.write(NextSteps(rollout).text)
    return ExitCode(rollout)
  }

  private func draw() {
    guard let rollout, !Task.isCancelled else { return }
    let size = screen.size
    let frame = LiveFrame(
      rollout, at: times.now(), output: output, note: note, columns: size.columns, rows: size.rows, style: style)
    // Up to its first line, and everything from there on anew.
    let up = drawn > 0 ? "\r\u{1B}[\(drawn)A\u{1B}[J" : ""
    screen.write(up + frame.lines.map { $0 + "\n" }.joined())
    drawn = frame.lines.count
  }
}
