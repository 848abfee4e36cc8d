public import Baton

/// A request was not carried out, or was and had to be taken back: the one last word of a host, in the gem's family `error`.
///
/// A peer that knows only `Failure` reads the same two members.
public struct NotDeployed: Message, Error, Hashable, CustomStringConvertible {
  public static let type = "error"

  /// What kind: one of ``Kind``, or another for peers of a later version.
  public var errorClass: String
  /// For people: what happened, and how things stand now.
  public var errorMessage: String
  public var id: String?
  public var app: String?
  /// What was to run.
  public var version: String?
  /// What runs now; nil if nothing does, or nothing is known.
  public var current: String?
  /// The step that failed.
  public var step: Step?
  /// Who stands in the way (``Kind/busy``, ``Kind/locked``), and since when, in milliseconds since 1970.
  public var by: String?
  public var since: Int64?
  public var milliseconds: Int64?
  public var sequence: Int?

  /// The errors that a program may want to tell apart.
  public enum Kind: String, Sendable, CaseIterable {
    /// Another act on the same application is under way.
    case busy = "Busy"
    case locked = "Locked"
    /// The host's own policy does not let the sender do this.
    case notPermitted = "NotPermitted"
    /// The deadline had passed.
    case expired = "Expired"
    /// A name, an address or a checksum that cannot be one.
    case invalid = "Invalid"
    /// There is no such application, release or running act.
    case notFound = "NotFound"
    /// A step failed; ``NotDeployed/current`` says what runs.
    case failed = "DeployFailed"
    /// Somebody asked for it.
    case cancelled = "Cancelled"
    /// The agent was ended in the middle, and has put things in order at its next start.
    case interrupted = "Interrupted"
  }

  public init(_ kind: Kind, _ message: String) {
    errorClass = kind.rawValue
    errorMessage = message
  }

  public var kind: Kind? { Kind(rawValue: errorClass) }

  public var description: String { errorMessage }

  enum CodingKeys: String, CodingKey {
    case id, app, version, current, step, by, since, sequence
    case errorClass = "error_class"
    case errorMessage = "error_message"
    case milliseconds = "duration_ms"
  }
}
