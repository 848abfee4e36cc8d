/// A value of a YAML document, with the line where it stands (from 1).
public struct YAMLNode: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    /// Text, whatever it looks like: types are the reader's business.
    case scalar(String)
    case sequence([YAMLNode])
    /// In the document's order; no key twice.
    case mapping([Entry])
  }

  public struct Entry: Sendable, Hashable {
    public let key: String
    /// Where the key stands.
    public let line: Int
    public let value: YAMLNode
  }

  public let content: Content
  public let line: Int

  public init(content: Content, line: Int) {
    self.content = content
    self.line = line
  }

  /// The entries, where it is a mapping.
  public var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The text, where it is a scalar.
  public var text: String? {
    if case .scalar(let text) = content { text } else { nil }
  }

  /// The elements, where it is a sequence.
  public var elements: [YAMLNode]? {
    if case .sequence(let elements) = content { elements } else { nil }
  }
}

/// What is wrong with a document, and where.
public struct YAMLError: Error, Hashable, CustomStringConvertible {
  /// From 1.
  public let line: Int
  public let reason: String

  public var description: String { "line \(line): \(reason)" }
}
