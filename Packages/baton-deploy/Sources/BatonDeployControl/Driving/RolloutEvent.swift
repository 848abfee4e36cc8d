public import BatonDeploy

/// Something that happened to a rollout, and how it stands after that.
public struct RolloutEvent: Sendable {
  public enum What: Sendable {
    /// The lock is held, and it goes on.
    case connected
    /// No new host begins until the connection and the lock are there again.
    case disconnected(reason: String)
    /// Hosts are told, by the first or another message with the same id.
    case told([Rollout.Assignment])
    /// Nobody listens at a host just now: it is told again when it is up.
    case unrouted(Rollout.Assignment)
    case progress(Rollout.Assignment, Progress)
    case done(Rollout.Assignment, Deployed)
    case failed(Rollout.Assignment, NotDeployed)
    /// A host's last word has not come in time, or nobody has listened there all the while.
    case lost(Rollout.Assignment)
    /// Another operator lets no new host begin.
    case stopped(by: String)
    /// Another state or direction.
    case turned
  }

  public let what: What
  public let rollout: Rollout
  /// Milliseconds since 1970.
  public let time: Int64
}

/// The events of a rollout, as they come; ends when it is over or stopped, throws when it cannot be driven.
public typealias RolloutEvents = AsyncThrowingStream<RolloutEvent, any Error>
