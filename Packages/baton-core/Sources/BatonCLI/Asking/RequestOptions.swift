import Baton

/// The options that the members of a request make, and the request that a command line makes of them.
struct RequestOptions: Sendable {
  let specs: [OptionSpec]
  private let shape: Shape
  /// The option's name for a member's path.
  private let names: [[String]: String]

  /// - Parameter others: options of the same command; a member that is called like one of them is `--request-<name>`.
  init(_ shape: Shape, besides others: [OptionSpec]) {
    var taken = Set((others + [CommandParser.help, CommandParser.version]).map(\.name))
    var names: [[String]: String] = [:]
    specs = Self.leaves(of: shape).map { leaf in
      let path = leaf.path
      var name = path.joined(separator: ".").replacing("_", with: "-")
      while !taken.insert(name).inserted { name = "request-\(name)" }
      names[path] = name
      return Self.spec(name, leaf)
    }
    self.shape = shape
    self.names = names
  }

  /// The request; what is wrong with its members is a ``UsageError`` that names them.
  func request<R: Request>(_ type: R.Type, _ arguments: Arguments) throws -> R {
    let body = try JSONText.encode(try object(shape.fields, at: [], arguments.values))
    do { return try JSONText.decode(R.self, from: body) } catch {
      throw UsageError("This is no '\(R.type)': \(error).")
    }
  }

  // MARK: - Options

  /// A member with an option of its own: one that holds no members itself.
  private typealias Leaf = (path: [String], shape: Shape, isOptional: Bool)

  private static func leaves(of shape: Shape, at path: [String] = [], optional: Bool = false) -> [Leaf] {
    shape.fields.flatMap { field -> [Leaf] in
      let path = path + [field.name]
      let isOptional = optional || field.isOptional
      let isLeaf = field.shape.fields.isEmpty
      return isLeaf ? [(path, field.shape, isOptional)] : leaves(of: field.shape, at: path, optional: isOptional)
    }
  }

  private static func spec(_ name: String, _ leaf: Leaf) -> OptionSpec {
    let (placeholder, kind, repeats): (String?, String, Bool) =
      switch leaf.shape {
      case .boolean: (nil, "true if given", false)
      case .array(let element) where element.isScalar:
        (element.placeholder, "\(element.inWords); may be given again for more", true)
      case let shape where shape.isScalar: (shape.placeholder, shape.inWords, false)
      default: ("json", "\(leaf.shape.inWords), as JSON", false)
      }
    let canBeLeftOut = leaf.isOptional || repeats || placeholder == nil
    return OptionSpec(
      name: name, short: nil, placeholder: placeholder,
      help: "The request's '\(leaf.path.joined(separator: "."))': \(kind)\(canBeLeftOut ? "" : " (needed)").",
      repeats: repeats)
  }

  // MARK: - Values

  private func object(
    _ fields: [Shape.Field], at path: [String], _ texts: [String: [String]]
  ) throws(UsageError) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for field in fields { members[field.name] = try value(field, at: path + [field.name], texts) }
    return .object(members)
  }

  /// Nil for a member that is left out.
  private func value(
    _ field: Shape.Field, at path: [String], _ texts: [String: [String]]
  ) throws(UsageError) -> JSONValue? {
    guard let name = names[path] else {
      let isGiven = names.contains { $0.key.starts(with: path) && texts[$0.value] != nil }
      return field.isOptional && !isGiven ? nil : try object(field.shape.fields, at: path, texts)
    }
    let given = texts[name] ?? []
    switch field.shape {
    case .boolean: return given.isEmpty && field.isOptional ? nil : .bool(!given.isEmpty)
    case .array(let element) where element.isScalar:
      if given.isEmpty, field.isOptional { return nil }
      var elements: [JSONValue] = []
      for text in given { elements.append(try element.value(text, name)) }
      return .array(elements)
    default:
      guard let text = given.last else {
        if field.isOptional { return nil }
        throw UsageError("Missing option '--\(name)': it wants \(field.shape.inWords).")
      }
      return try field.shape.value(text, name)
    }
  }
}

extension Shape {
  /// Whether it is one word on a command line.
  fileprivate var isScalar: Bool {
    switch self {
    case .string, .integer, .number, .choice: true
    case .boolean, .array, .map, .object, .any: false
    }
  }

  fileprivate var placeholder: String {
    switch self {
    case .string: "text"
    case .integer: "n"
    case .number: "number"
    case .choice(let values): values.compactMap(\.word).joined(separator: "|")
    default: "json"
    }
  }

  /// What a word means as a value of this shape.
  fileprivate func value(_ text: String, _ name: String) throws(UsageError) -> JSONValue {
    let value: JSONValue? =
      switch self {
      case .string: .string(text)
      case .integer: Int64(text).map { .int($0) }
      case .number: Double(text).flatMap { $0.isFinite ? .double($0) : nil }
      case .choice(let values): values.first { $0.word == text }
      default: try? JSONText.decode(JSONValue.self, from: [UInt8](text.utf8))
      }
    guard let value else {
      throw UsageError(
        "The value '\(text.escapingControlCharacters)' of '--\(name)' is not usable: it wants \(inWords).")
    }
    return value
  }
}

extension JSONValue {
  /// A string or a whole number as a word.
  fileprivate var word: String? {
    switch self {
    case .string(let text): text
    case .int(let number): "\(number)"
    default: nil
    }
  }
}
