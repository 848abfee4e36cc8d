import YAML

extension Settings {
  /// The keys whose values are others than in earlier settings, wherever either of them stands; sorted.
  public func changes(since earlier: Settings) -> [String] {
    Set(keys + earlier.keys).filter { key in
      values[key]?.node.isSame(as: earlier.values[key]?.node) != true
    }.sorted()
  }
}

extension YAMLNode {
  /// Whether it says the same, on whichever lines.
  fileprivate func isSame(as other: YAMLNode?) -> Bool {
    switch (content, other?.content) {
    case (.scalar(let text), .scalar(let otherText)): text == otherText
    case (.sequence(let elements), .sequence(let others)):
      elements.count == others.count && zip(elements, others).allSatisfy { $0.isSame(as: $1) }
    case (.mapping(let entries), .mapping(let others)):
      entries.count == others.count
        && zip(entries, others).allSatisfy { $0.key == $1.key && $0.value.isSame(as: $1.value) }
    default: false
    }
  }
}
