import Baton

/// Why no package was made, and what to do about it. Nothing is left behind.
public struct Refusal: Error, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// What was asked for cannot be.
    case usage
    /// The folder cannot be had.
    case folder
    /// Something that is needed is not there: git, baton-core.
    case missing
  }

  public let kind: Kind
  public let problem: String
  public let remedy: String

  init(_ kind: Kind, _ problem: String, _ remedy: String) {
    self.kind = kind
    self.problem = problem
    self.remedy = remedy
  }

  public var description: String { "\(problem); \(remedy)".escapingControlCharacters }
}
