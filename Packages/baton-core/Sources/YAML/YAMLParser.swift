import CYAML

/// Reads one document into a tree: mappings, sequences and text, as configuration needs them.
///
/// Refused: aliases and anchors (which can blow a small file up), tags, keys that stand twice, a second document, nesting deeper than
/// 16, more than a mebibyte. libyaml 0.2.5 has no such limits itself.
///
/// The corresponding C function is `yaml_parser_parse`.
public enum YAMLParser {
  /// Arrays and mappings within each other.
  public static let depth = 16
  /// Bytes.
  public static let size = 1024 * 1024

  /// An empty document is an empty mapping.
  public static func parse(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode {
    guard bytes.count <= size else {
      throw YAMLError(line: 1, reason: "the file has \(bytes.count) bytes, more than \(size)")
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw YAMLError(line: 1, reason: "the file is not UTF-8 text")
    }
    let result: Result<YAMLNode, YAMLError> = bytes.withUnsafeBufferPointer { input in
      do throws(YAMLError) {
        var events = try EventReader(input)
        return .success(try document(&events))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private static func document(_ events: inout EventReader) throws(YAMLError) -> YAMLNode {
    var root = YAMLNode(content: .mapping([]), line: 1)
    guard let start = try events.next(), case .documentStart = start.kind else { return root }
    if let first = try events.next() { root = try node(first, &events, depth: 0) }
    _ = try events.next()  // the document's end
    if let second = try events.next() {
      throw YAMLError(line: second.line, reason: "a second document begins here; one is enough")
    }
    // A document of nothing but comments reads as an empty scalar.
    return root.text == "" ? YAMLNode(content: .mapping([]), line: 1) : root
  }

  private static func node(_ event: Event, _ events: inout EventReader, depth: Int) throws(YAMLError) -> YAMLNode {
    switch event.kind {
    case .scalar(let text):
      return YAMLNode(content: .scalar(text), line: event.line)
    case .sequenceStart, .mappingStart:
      guard depth < Self.depth else { throw YAMLError(line: event.line, reason: "it nests deeper than \(Self.depth)") }
      let content: YAMLNode.Content =
        event.kind == .sequenceStart
        ? .sequence(try elements(&events, depth: depth)) : .mapping(try entries(&events, depth: depth))
      return YAMLNode(content: content, line: event.line)
    case .documentStart, .end:
      throw YAMLError(line: event.line, reason: "a value is missing")
    }
  }

  private static func elements(_ events: inout EventReader, depth: Int) throws(YAMLError) -> [YAMLNode] {
    var elements: [YAMLNode] = []
    while let next = try events.next(), next.kind != .end {
      elements.append(try node(next, &events, depth: depth + 1))
    }
    return elements
  }

  private static func entries(_ events: inout EventReader, depth: Int) throws(YAMLError) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    while let key = try events.next(), key.kind != .end {
      guard case .scalar(let name) = key.kind else {
        throw YAMLError(line: key.line, reason: "a key is a word, not a list or mapping")
      }
      if let first = entries.first(where: { $0.key == name }) {
        throw YAMLError(line: key.line, reason: "'\(name)' stands twice, first in line \(first.line); remove one")
      }
      guard let value = try events.next() else { break }
      entries.append(.init(key: name, line: key.line, value: try node(value, &events, depth: depth + 1)))
    }
    return entries
  }
}
