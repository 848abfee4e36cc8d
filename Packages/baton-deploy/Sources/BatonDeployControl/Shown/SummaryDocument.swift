/// What a rollout came to, as programs read it at the end.
public struct SummaryDocument: Encodable, Sendable {
  struct Group: Encodable, Sendable {
    let outcome: String
    let direction: String
    let words: String
    let hosts: [String]
  }

  let event = "summary"
  let rollout: String
  let state: String
  let groups: [Group]
  let skipped: [String]

  public init(_ rollout: Rollout) {
    let summary = RolloutSummary(rollout)
    self.rollout = rollout.plan.id
    state = rollout.stateName
    groups = summary.groups.map {
      Group(outcome: $0.phase.rawValue, direction: $0.direction.rawValue, words: $0.words, hosts: $0.hosts)
    }
    skipped = summary.skipped
  }
}

extension Rollout {
  /// In one word, for programs.
  public var stateName: String {
    switch state {
    case .proposed: "proposed"
    case .going: "going"
    case .stopping: "stopping"
    case .paused: "paused"
    case .ended: "ended"
    }
  }
}
