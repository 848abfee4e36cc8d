/// How carefully a rollout goes about it.
public struct RolloutPolicy: Codable, Hashable, Sendable {
  /// So many hosts go first, and all of them must succeed before any other begins.
  public var canary = 0
  /// At most so many hosts are under way at once, at least one. As soon as one has ended the next may begin: a sliding window.
  public var wave = Portion.percent(25)
  /// So long a host that has ended still counts as under way, for somebody to look at it.
  public var pause: Duration = .zero
  /// If more hosts than these fail, over the whole rollout, no new one begins.
  public var maxFailures = Portion.count(0)
  /// Then those that have switched go back to what they ran before.
  public var rollsBack = false
  /// A host that has not begun after so long does not begin any more, and counts as silent.
  public var patience: Duration = .seconds(60)
  /// A host that has begun and not ended after so long counts as silent.
  public var limit: Duration = .seconds(900)

  public init() {}
}
