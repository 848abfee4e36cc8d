import BatonDeploy

/// What a rollout came to: equal results folded into one, with the hosts that had it.
public struct RolloutSummary: Sendable, Hashable {
  public struct Group: Sendable, Hashable {
    public let phase: Work.Phase
    public let direction: Rollout.Direction
    /// Why it failed, or what runs now; may be empty.
    public let words: String
    public let hosts: [String]
    /// The shortest and the longest time it took, in milliseconds; nil where none is known.
    public let times: ClosedRange<Int64>?
  }

  /// The largest first; the way back after the way there.
  public let groups: [Group]
  public let skipped: [String]

  public init(_ rollout: Rollout) {
    let works = rollout.hosts.map { (host: $0.fqdn, work: $0.act) }
    let undos = rollout.hosts.compactMap { host in host.undo.map { (host: host.fqdn, work: $0) } }
    groups = Self.fold(works, .forward) + Self.fold(undos, .back)
    skipped = rollout.skipped
  }

  /// How many hosts are in a phase, on the way there.
  public func count(_ phases: Work.Phase...) -> Int {
    groups.filter { $0.direction == .forward && phases.contains($0.phase) }.reduce(0) { $0 + $1.hosts.count }
  }

  private struct Key: Hashable {
    let phase: Work.Phase
    let words: String
  }

  private static func fold(_ works: [(host: String, work: Work)], _ direction: Rollout.Direction) -> [Group] {
    Dictionary(grouping: works) { Key(phase: $0.work.phase, words: $0.work.words) }.map { key, members in
      let times = members.compactMap { $0.work.ended == nil ? nil : $0.work.milliseconds(at: 0) }
      return Group(
        phase: key.phase, direction: direction, words: key.words, hosts: members.map(\.host),
        times: times.min().flatMap { least in times.max().map { least...$0 } })
    }
    .sorted { ($0.hosts.count, $1.phase.rawValue, $1.words) > ($1.hosts.count, $0.phase.rawValue, $0.words) }
  }
}

extension Work {
  /// What there is to say of it beside its phase.
  public var words: String {
    if let failure {
      return (failure.step.map { "\($0.rawValue): " } ?? "") + "\(failure.errorClass): \(failure.errorMessage)"
    }
    if phase == .silent { return step.map { "last heard of at \($0.rawValue)" } ?? "told, and never heard of" }
    return result.flatMap(\.version) ?? ""
  }
}
