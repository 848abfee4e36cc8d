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

  /// The mappings in the list under a key.
  ///
  /// - Parameter shorthand: an element that is a list of words stands for a mapping with this one key.
  public func elements(_ key: String, shorthand: String) throws(ConfigurationError) -> [Settings]? {
    guard let value = values[key] else { return nil }
    guard let nodes = value.node.elements else { throw error(key, is: kind(of: value.node), wants: "a list") }
    var elements: [Settings] = []
    for (index, node) in nodes.enumerated() {
      let prefix = "\(prefix)\(key)[\(index + 1)]."
      let origin = origin(of: key, line: node.line)
      if node.entries != nil {
        elements.append(settings(of: Value(node: node, origin: origin), prefix: prefix))
      } else {
        var element = self
        element.prefix = prefix
        element.values = [shorthand: Value(node: node, origin: origin)]
        elements.append(element)
      }
    }
    return elements
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

  private func settings(of value: Value, prefix: String) -> Settings {
    var nested = self
    nested.prefix = prefix
    nested.values = [:]
    for entry in value.node.entries ?? [] where entry.value.content != .scalar("") {
      nested.values[entry.key] = Value(
        node: entry.value, origin: origin(value.origin, line: entry.line))
    }
    return nested
  }

  private func origin(of key: String, line: Int) -> Origin { origin(origin(of: key), line: line) }

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
