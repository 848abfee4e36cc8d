import BatonStore

/// A rollout as a line of a list.
public struct RolloutRecord: Sendable, Hashable {
  public let plan: RolloutPlan
  public let state: Rollout.State
  public let direction: Rollout.Direction
  public let approvedBy: String?
  /// Milliseconds since 1970; `ended` is nil while it is under way, and where no host has ended.
  public let begun: Int64
  public let ended: Int64?
  public let tally: RolloutTally

  /// How it stands, in one word.
  public var outcome: RolloutOutcome {
    switch state {
    case .going: direction == .back ? .goingBack : .going
    case .stopping: .stopping
    case .proposed: .proposed
    case .paused: .paused
    case .ended where direction == .back: .wentBack
    case .ended: tally.done == tally.hosts ? .done : tally.done + tally.failed == 0 ? .closed : .failed
    }
  }
}

/// How a rollout stands, in one word.
public enum RolloutOutcome: String, Codable, Sendable, CaseIterable {
  case proposed, going, stopping, paused, done, failed
  case goingBack = "going back"
  case wentBack = "went back"
  /// Given up before any host had done it.
  case closed
}

/// Which rollouts to list; what is nil does not matter.
public struct RolloutFilter: Sendable, Hashable {
  public var app: String?
  public var environment: String?
  /// The beginning of who began it: `jo` finds `jo@laptop`.
  public var by: String?
  /// Only those that are older than the one of this id.
  public var before: String?

  public init(app: String? = nil, environment: String? = nil, by: String? = nil, before: String? = nil) {
    self.app = app
    self.environment = environment
    self.by = by
    self.before = before
  }
}

extension RolloutStore {
  /// At most so many rollouts, the newest first.
  public func records(_ filter: RolloutFilter = RolloutFilter(), limit: Int) throws -> [RolloutRecord] {
    try store.read { database in
      try database.rows(
        """
        SELECT * FROM rollouts
        WHERE (?1 IS NULL OR app = ?1) AND (?2 IS NULL OR environment = ?2)
          AND (?3 IS NULL OR substr(json_extract(plan, '$.by'), 1, length(?3)) = ?3)
          AND (?4 IS NULL OR (begun, id) < (SELECT begun, id FROM rollouts WHERE id = ?4))
        ORDER BY begun DESC, id DESC LIMIT ?5
        """, filter.app, filter.environment, filter.by, filter.before, limit
      ) { try record($0, in: database) }
    }
  }

  /// A rollout as a line; nil if there is none of that id.
  public func record(_ id: String) throws -> RolloutRecord? {
    try store.read { database in
      try database.first("SELECT * FROM rollouts WHERE id = ?", id) { try record($0, in: database) }
    }
  }

  /// The rollouts that nobody has paused or ended: whoever drove them has gone. The oldest first.
  public func interrupted() throws -> [Rollout] {
    let ids: [String] = try store.read { database in
      try database.rows(
        "SELECT id FROM rollouts WHERE state IN (?, ?, ?) ORDER BY begun", try text(Rollout.State.going),
        try text(Rollout.State.stopping(.failures)), try text(Rollout.State.stopping(.operator))
      ) { try $0.get("id") }
    }
    return try ids.compactMap(rollout)
  }

  private func record(_ row: Row, in database: borrowing Database) throws -> RolloutRecord {
    let plan = try value(RolloutPlan.self, try row.get("plan"))
    let tally: String? = try row.get("tally")
    return RolloutRecord(
      plan: plan, state: try value(Rollout.State.self, try row.get("state")),
      direction: Rollout.Direction(rawValue: try row.get("direction")) ?? .forward,
      approvedBy: try row.get("approved_by"), begun: try row.get("begun"), ended: try row.get("ended"),
      tally: try tally.map { try value(RolloutTally.self, $0) } ?? RolloutTally(try hosts(of: plan.id, in: database)))
  }
}
