import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl

/// What a rollout came to, for people: equal results in one line.
struct SummaryText {
  /// Names that are written out; more are counted.
  private static let named = 5

  let text: String

  init(_ rollout: Rollout, _ style: Style) {
    let summary = RolloutSummary(rollout)
    var lines = summary.groups.map { group in
      let way = group.direction == .back ? "going back: " : ""
      let words = [group.words, group.times.map(Elapsed.text) ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
      let names = group.phase == .done && group.direction == .forward ? "" : ": \(Self.names(group.hosts))"
      let line = "\(group.hosts.count) × \(way)\(group.phase.rawValue)\(words.isEmpty ? "" : " (\(words))")\(names)"
      return Self.paint(line.escapingControlCharacters, group.phase, style)
    }
    if !summary.skipped.isEmpty {
      lines.append("\(summary.skipped.count) × skipped: \(summary.skipped.joined(separator: " "))")
    }
    text = lines.map { $0 + "\n" }.joined()
  }

  private static func names(_ hosts: [String]) -> String {
    let rest = hosts.count - named
    return hosts.prefix(named).joined(separator: " ") + (rest > 0 ? " and \(rest) more" : "")
  }

  static func paint(_ line: String, _ phase: Work.Phase, _ style: Style) -> String {
    switch phase {
    case .done: style.green(line)
    case .failed: style.red(line)
    case .silent, .notConnected: style.yellow(line)
    case .waiting: style.dim(line)
    case .told, .underWay: line
    }
  }
}

/// How to go on after a rollout that has not come to its end.
struct NextSteps {
  let text: String

  init(_ rollout: Rollout) {
    guard rollout.state != .ended else {
      text = ""
      return
    }
    let plan = rollout.plan
    let underWay = rollout.underWay.count
    text = """
      \(underWay > 0 ? "\(underWay) under way go on by themselves. " : "")The rest can wait. To go on, or to give it up:
        baton-deploy \(plan.act.kind.rawValue) --resume \(plan.id)
        baton-deploy cancel \(plan.place.app) --to \(plan.place.environment) --act \(plan.id)

      """
  }
}
