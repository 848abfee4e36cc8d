import BatonDeploy

/// A host of a rollout: what it ran before, how the act goes there, and how the way back does.
public struct RolloutHost: Codable, Hashable, Sendable {
  public let fqdn: String
  /// What it ran when the rollout was planned; nil if nothing, or if it did not say.
  public let before: String?
  public internal(set) var act = Work()
  /// Nil unless it has to go back.
  public internal(set) var undo: Work?

  public init(fqdn: String, before: String?) {
    self.fqdn = fqdn
    self.before = before
  }

  /// What it ran before the act, as the host itself said last.
  public var previous: String? { act.result?.previous ?? before }

  /// Whether there is anything to go back from, and to.
  var canGoBack: Bool { act.phase == .done && previous != nil && previous != act.result?.version }
}
