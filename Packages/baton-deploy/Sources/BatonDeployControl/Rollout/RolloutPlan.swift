/// What is to be done, where, by whom: fixed when a rollout begins.
public struct RolloutPlan: Codable, Hashable, Sendable {
  /// Of the rollout, and of the act on each of its hosts.
  public var id: String
  public var act: DeployAct
  public var place: Place
  /// `jo@laptop`
  public var by: String

  public init(id: String, act: DeployAct, place: Place, by: String) {
    self.id = id
    self.act = act
    self.place = place
    self.by = by
  }
}
