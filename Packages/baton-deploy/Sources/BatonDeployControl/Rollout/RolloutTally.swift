/// How many hosts of a rollout are where.
public struct RolloutTally: Codable, Hashable, Sendable {
  public let hosts: Int
  public let waiting: Int
  public let underWay: Int
  public let done: Int
  public let failed: Int
  public let silent: Int
  public let notConnected: Int
  /// Those of `done` that have gone back.
  public let wentBack: Int

  public init(_ hosts: [RolloutHost]) {
    func count(_ phase: Work.Phase) -> Int { hosts.count { $0.act.phase == phase } }
    self.hosts = hosts.count
    waiting = count(.waiting)
    underWay = hosts.count { $0.act.isUnderWay || $0.undo?.isUnderWay == true }
    done = count(.done)
    failed = count(.failed)
    silent = count(.silent)
    notConnected = count(.notConnected)
    wentBack = hosts.count { $0.undo?.phase == .done }
  }

  enum CodingKeys: String, CodingKey {
    case hosts, waiting, done, failed, silent
    case underWay = "under_way"
    case notConnected = "not_connected"
    case wentBack = "went_back"
  }
}
