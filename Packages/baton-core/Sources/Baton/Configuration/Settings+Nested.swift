import YAML

/// Values that have values in them: each mapping reads as settings of its own, whose errors tell the file, the line and the way to
/// the key (`APPS.shop.health.url`).
extension Settings {
  /// The mapping under a key.
  public func nested(_ key: String) throws(ConfigurationError) -> Settings? {
    guard let value = values[key] else { return nil }
    guard value.node.entries != nil else { throw error(key, is: kind(of: value.node), wants: "a mapping") }
    return settings(of: value, prefix: "\(prefix)\(key).")
  }

  /// The mapping under a key, which may be written short.
  ///
  /// - Parameter shorthand: a list stands for a mapping with this one key.
  public func element(_ key: String, shorthand: String) throws(ConfigurationError) -> Settings? {
    guard let value = values[key] else { return nil }
    return settings(of: value, prefix: "\(prefix)\(key).", shorthand: shorthand)
  }

  /// The mappings in the list under a key, each of which may be written short as well.
  public func elements(_ key: String, shorthand: String) throws(ConfigurationError) -> [Settings]? {
    guard let value = values[key] else { return nil }
    guard let nodes = value.node.elements else { throw error(key, is: kind(of: value.node), wants: "a list") }
    return nodes.enumerated().map { index, node in
      settings(
        of: Value(node: node, origin: origin(value.origin, line: node.line)), prefix: "\(prefix)\(key)[\(index + 1)].",
        shorthand: shorthand)
    }
  }

  /// A list of words, taken as they are: the program and the arguments of a command. A text is not taken apart.
  public func words(_ key: String) throws(ConfigurationError) -> [String]? {
    guard let value = values[key] else { return nil }
    guard let elements = value.node.elements, !elements.isEmpty else {
      throw error(key, is: kind(of: value.node), wants: "a list of words, such as [systemctl, restart, shop]")
    }
    var words: [String] = []
    for element in elements {
      guard let word = element.text else { throw error(key, is: "a list of lists", wants: "a list of words") }
      words.append(word)
    }
    return words
  }

  /// These settings, and those of `defaults` for the keys that have no value here.
  public func with(defaults: Settings) -> Settings {
    var merged = self
    merged.values.merge(defaults.values) { own, _ in own }
    return merged
  }

  /// Refuses a key that nobody knows: in a nested mapping it can belong to no other program.
  public func checkKeys(_ known: [String]) throws(ConfigurationError) {
    for key in keys where !known.contains(key) {
      let near = known.min { $0.distance(to: key) < $1.distance(to: key) }.flatMap {
        $0.distance(to: key) <= 2 ? $0 : nil
      }
      throw ConfigurationError(
        place: "\(origin(of: key))", problem: "nobody here knows the key \(prefix)\(key)",
        remedy: near.map { "is it \($0)?" } ?? "it wants \(known.sorted().joined(separator: ", "))")
    }
  }

  private func settings(of value: Value, prefix: String, shorthand: String? = nil) -> Settings {
    var nested = self
    nested.prefix = prefix
    nested.values = [:]
    if value.node.entries == nil, let shorthand { nested.values = [shorthand: value] }
    for entry in value.node.entries ?? [] where entry.value.content != .scalar("") {
      nested.values[entry.key] = Value(
        node: entry.value, origin: origin(value.origin, line: entry.line))
    }
    return nested
  }

  private func origin(_ outer: Origin, line: Int) -> Origin {
    if case .file(let path, _) = outer { .file(path, line: line) } else { outer }
  }

  private func kind(of node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let text): "'\(text)'"
    case .sequence(let elements): elements.isEmpty ? "an empty list" : "a list"
    case .mapping: "a mapping"
    }
  }
}
