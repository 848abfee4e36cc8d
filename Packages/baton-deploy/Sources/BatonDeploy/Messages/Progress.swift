public import Baton

/// The steps of an act, in their order.
public enum Step: String, Codable, Sendable, CaseIterable {
  /// On the disk of the host, and thereby to be done or to be told of, whatever dies.
  case accept
  case fetch, verify, unpack, link, before
  /// `current` is another release.
  case activate = "switch"
  case after, restart, health
  /// Old releases are removed.
  case prune
  /// The previous release is put back.
  case restore
  /// The whole of an application that has one command of its own.
  case command
}

/// How an act is going: in the gem's family `info`.
public struct Progress: Message, Hashable {
  public static let type = "info"

  public enum State: String, Codable, Sendable {
    case begun, done, failed
    /// A line that the step's program wrote; ``Progress/message`` is the line.
    case output
  }

  /// For people.
  public var message: String
  public var id: String
  public var app: String
  public var step: Step
  public var state: State
  /// How long the step took, where it has ended.
  public var milliseconds: Int64?
  /// Counts the messages about this act, from 1, so that a reader can put them in order and see that one is missing.
  public var sequence: Int

  enum CodingKeys: String, CodingKey {
    case message, id, app, step, state, sequence
    case milliseconds = "duration_ms"
  }
}
