public import Baton

/// A deploy, a rollback or a restart has been done, all of it: the one last word of a host, in the gem's family `success`.
public struct Deployed: Message, Hashable {
  public static let type = "success"

  /// For people.
  public var message: String
  public var id: String
  public var app: String
  /// What runs now.
  public var version: String?
  /// What ran before.
  public var previous: String?
  public var milliseconds: Int64
  /// Counts the messages about this act, from 1.
  public var sequence: Int

  enum CodingKeys: String, CodingKey {
    case message, id, app, version, previous, sequence
    case milliseconds = "duration_ms"
  }
}
