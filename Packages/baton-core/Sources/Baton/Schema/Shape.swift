/// What a value looks like in JSON, as far as its own decoding tells: names, kinds, and what may be left out.
///
/// It is found by decoding the type once from a decoder that notes what it is asked for (``init(of:)``); no macro and no list kept
/// by hand is needed, so it cannot differ from what is really decoded.
public indirect enum Shape: Sendable, Hashable {
  /// - Parameter format: a word of JSON Schema's vocabulary for formats: `uri`, `uuid`.
  case string(format: String? = nil)
  case boolean
  /// A bound is nil where the type goes further than any number in a message should.
  case integer(minimum: Int64? = nil, maximum: Int64? = nil)
  case number
  /// One of some values: an enum of raw values that is `CaseIterable`.
  case choice([JSONValue])
  case array(Shape)
  /// Members of any names, all of one shape.
  case map(Shape)
  case object([Field])
  case any

  /// A member of an object.
  public struct Field: Sendable, Hashable {
    /// As it stands in JSON.
    public let name: String
    public let shape: Shape
    /// Whether it may be left out.
    public let isOptional: Bool
  }

  /// The shape of a type; throws ``ShapeError`` for one that cannot be decoded from just any value.
  public init<Value: Decodable>(of type: Value.Type) throws(ShapeError) {
    let recording = Recording()
    do { _ = try recording.record(type) } catch {
      throw error as? ShapeError ?? ShapeError(type, path: [], reason: "\(error)")
    }
    self = recording.shape
  }

  /// The members, where it is an object.
  public var fields: [Field] {
    if case .object(let fields) = self { fields } else { [] }
  }

  /// For people, after "it wants" or "is not".
  public var inWords: String {
    switch self {
    case .string(let format): "a string" + (format.map { " (\($0))" } ?? "")
    case .boolean: "true or false"
    case .integer(.some(let minimum), .some(let maximum)): "a whole number from \(minimum) to \(maximum)"
    case .integer(.some(let minimum), nil): "a whole number from \(minimum)"
    case .integer: "a whole number"
    case .number: "a number"
    case .choice(let values): "one of \(values.map(\.inWords).joined(separator: ", "))"
    case .array: "an array"
    case .map, .object: "an object"
    case .any: "a value"
    }
  }
}

/// A type whose shape cannot be found, and what its author can do about it.
public struct ShapeError: Error, Hashable, CustomStringConvertible {
  /// The Swift type that stands in the way.
  public let type: String
  /// Where it is within the type that was asked for; empty: it is that one.
  public let path: [String]
  /// What is wrong, and what would be right.
  public let reason: String

  init(_ type: any Any.Type, path: [any CodingKey], reason: String) {
    self.type = "\(type)"
    self.path = path.map(\.stringValue)
    self.reason = reason
  }

  public var description: String {
    let place = path.isEmpty ? "" : ", the member '\(path.joined(separator: "."))',"
    return "the shape of \(type)\(place) cannot be found: \(reason)"
  }
}

extension JSONValue {
  /// A scalar as one would write it down.
  fileprivate var inWords: String {
    switch self {
    case .string(let text): "'\(text)'"
    case .int(let number): "\(number)"
    case .double(let number): "\(number)"
    default: "\(self)"
    }
  }
}
