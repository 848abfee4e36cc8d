import YAML

/// The configuration as it stands in flags, environment and file: for each key its value, and where that came from.
///
/// A flag goes before the environment variable `BATON_<KEY>`, that before the file. An empty value counts as absent.
public struct Settings: Sendable {
  /// Where a value came from.
  public enum Origin: Sendable, Hashable, CustomStringConvertible {
    case flag(String)
    case environment(String)
    case file(String, line: Int)
    case standard

    public var description: String {
      switch self {
      case .flag(let name): name
      case .environment(let variable): "environment variable \(variable)"
      case .file(let path, let line): "\(path):\(line)"
      case .standard: "default"
      }
    }
  }

  struct Value: Sendable {
    let node: YAMLNode
    let origin: Origin
  }

  var values: [String: Value] = [:]
  /// What stands before a key in messages: `APPS.shop.` for the values of a nested mapping.
  var prefix = ""
  /// Whether a secret that others can read is refused, instead of warned of.
  var isStrict = false
  /// The file that was read, if there was one.
  public let file: String?

  init(
    file: String?, root: YAMLNode?, environment: [String: String], flags: [(key: String, flag: String, value: String)]
  )
    throws(ConfigurationError)
  {
    self.file = file
    if let file, let root {
      guard let entries = root.entries else {
        throw ConfigurationError(
          place: "\(file):\(root.line)", problem: "it is not a list of 'KEY: value' lines",
          remedy: "write one key a line")
      }
      for entry in entries where entry.value.content != .scalar("") {
        values[entry.key] = Value(node: entry.value, origin: .file(file, line: entry.line))
      }
    }
    for (variable, value) in environment where variable.hasPrefix("BATON_") && !value.isEmpty {
      values[String(variable.dropFirst("BATON_".count))] = Value(
        node: YAMLNode(content: .scalar(value), line: 0), origin: .environment(variable))
    }
    for (key, flag, value) in flags where !value.isEmpty {
      values[key] = Value(node: YAMLNode(content: .scalar(value), line: 0), origin: .flag(flag))
    }
  }

  /// The keys that have a value, sorted.
  public var keys: [String] { values.keys.sorted() }

  public func origin(of key: String) -> Origin { values[key]?.origin ?? .standard }

  public func string(_ key: String) throws(ConfigurationError) -> String? {
    guard let value = values[key] else { return nil }
    guard let text = value.node.text else {
      throw error(key, is: value.node.elements == nil ? "a mapping" : "a list", wants: "one value")
    }
    return text
  }

  /// A path, made absolute: a daemon leaves the folder that it was started in.
  public func path(_ key: String) throws(ConfigurationError) -> String? {
    guard let text = try string(key) else { return nil }
    return Self.absolute(text)
  }

  /// A path from the root, whatever folder the process will be in.
  package static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileBytes.startFolder)/\(path)"
  }

  public func int(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
    guard let text = try string(key) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw error(key, is: "'\(text)'", wants: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// `true`, `yes`, `on`, or `false`, `no`, `off`, in any case.
  public func bool(_ key: String) throws(ConfigurationError) -> Bool? {
    guard let text = try string(key) else { return nil }
    switch text.lowercased() {
    case "true", "yes", "on", "1": return true
    case "false", "no", "off", "0": return false
    default: throw error(key, is: "'\(text)'", wants: "true or false")
    }
  }

  public func duration(_ key: String) throws(ConfigurationError) -> Duration? {
    guard let text = try string(key) else { return nil }
    guard let duration = Duration(text: text) else {
      throw error(key, is: "'\(text)'", wants: "a time such as 300ms, 20s, 5m or 1h")
    }
    return duration
  }

  /// A YAML list, or words with commas between them; empty ones are left out.
  public func list(_ key: String) throws(ConfigurationError) -> [String]? {
    guard let value = values[key] else { return nil }
    if let text = value.node.text {
      return text.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
    }
    guard let elements = value.node.elements else { throw error(key, is: "a mapping", wants: "a list") }
    var words: [String] = []
    for element in elements {
      guard let word = element.text else { throw error(key, is: "a list of lists", wants: "a list of words") }
      words.append(word)
    }
    return words
  }

  /// One of a closed set of words.
  public func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type
  ) throws(ConfigurationError) -> Choice? where Choice.RawValue == String {
    guard let text = try string(key) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw error(key, is: "'\(text)'", wants: type.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return choice
  }

  /// An error about the value of a key, with its place.
  public func error(_ key: String, is found: String, wants remedy: String) -> ConfigurationError {
    ConfigurationError(
      place: "\(origin(of: key))", problem: "\(prefix)\(key) is \(found)", remedy: "it wants \(remedy)")
  }
}

extension Settings: CustomStringConvertible, CustomReflectable {
  /// Keys and places without the values: there are passwords among them.
  public var description: String { "Settings(\(keys.map { "\($0): \(origin(of: $0))" }.joined(separator: ", ")))" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What is wrong with the configuration: where, what, and what would be right. Programs exit with 78.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible {
  /// File and line, environment variable, or flag.
  public let place: String
  public let problem: String
  public let remedy: String

  public init(place: String, problem: String, remedy: String) {
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  public var description: String { "\(place): \(problem.escapingControlCharacters); \(remedy)" }
}

extension StringProtocol {
  /// Without white space around it.
  var trimmed: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
