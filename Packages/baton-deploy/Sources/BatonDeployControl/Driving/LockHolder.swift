public import Baton

/// Asked of whoever holds the lock of an application in an environment: who are you?
public struct WhoHolds: Request, Hashable {
  public static let type = "who_holds"
  public typealias Reply = LockHolder

  public init() {}
}

/// Asked of whoever holds the lock: let no new host begin. The answer is the same, also where the rollout is not the one that is meant, and
/// goes on.
public struct StopRollout: Request, Hashable {
  public static let type = "stop_rollout"
  public typealias Reply = LockHolder

  /// Only the rollout of this id; nil is whichever it is.
  public var id: String?
  /// Who wants it: `jo@laptop`.
  public var by: String

  public init(id: String? = nil, by: String) {
    self.id = id
    self.by = by
  }
}

/// Who rolls out, what, and since when.
public struct LockHolder: Message, Hashable {
  public static let type = "lock_holder"

  /// Of the rollout.
  public var id: String
  public var app: String
  /// In words: `deploy 1.4`.
  public var act: String
  public var by: String
  /// Milliseconds since 1970.
  public var since: Int64
}

/// The lock cannot be had.
public struct LockHeld: Error, Hashable, CustomStringConvertible {
  public let place: Place
  /// Nil if whoever holds it did not answer: it is just leaving, or has lost its connection.
  public let holder: LockHolder?

  public var description: String {
    guard let holder else {
      return "\(place) is being rolled out by somebody who does not answer; try again in a minute"
    }
    return
      "\(place) is being rolled out by \(holder.by) since \(Moment.text(holder.since)): \(holder.act) (\(holder.id))"
  }
}
