/// An entry of a host's journal: something that was asked for, and what came of it.
public struct Act: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Sendable {
    case deploy, rollback, restart
  }

  public enum Outcome: String, Codable, Sendable {
    case success, error
  }

  public var id: String
  public var kind: Kind
  public var version: String?
  /// What ran before it.
  public var previous: String?
  public var by: String?
  /// Milliseconds since 1970.
  public var begun: Int64
  public var ended: Int64?
  /// The step that it is at, or ended with.
  public var step: Step
  /// Nil while it is under way.
  public var outcome: Outcome?
  /// The last word, for people.
  public var message: String?
}

/// A host's word that an application is not to be changed.
public struct LockState: Codable, Hashable, Sendable {
  public var reason: String
  public var by: String?
  /// Milliseconds since 1970.
  public var since: Int64
}
