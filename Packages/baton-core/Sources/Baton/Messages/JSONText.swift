#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How this framework writes and reads JSON.
public enum JSONText {
  /// Members sorted, slashes as they are: what is equal looks equal, whichever run wrote it.
  public static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try [UInt8](encoder.encode(value))
  }

  /// Decodes, and says in words what is wrong where.
  public static func decode<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) throws(Unreadable) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch let error as DecodingError {
      throw Unreadable(error.inWords(decoding: type, from: body))
    } catch {
      throw Unreadable("\(error)")
    }
  }

  /// The same of an object that comes from anybody: one that is too large, nests too deep or has a member twice is not decoded.
  public static func decode<Value: Decodable>(_ type: Value.Type, fromAnybody body: [UInt8]) throws(Unreadable) -> Value
  {
    _ = try BodyLimits.check(body, size: body.count)
    return try decode(type, from: body)
  }

  /// The text between the quotes of a JSON string.
  static func unescape(_ raw: ArraySlice<UInt8>) -> String {
    guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
    let quoted = [UInt8(ascii: "\"")] + raw + [UInt8(ascii: "\"")]
    return (try? JSONDecoder().decode(String.self, from: Data(quoted))) ?? String(decoding: raw, as: UTF8.self)
  }
}

extension DecodingError {
  /// One line: which member, what was expected, what was found.
  func inWords<Value: Decodable>(decoding type: Value.Type, from body: [UInt8]) -> String {
    switch self {
    case .typeMismatch(let type, let context):
      "\(Self.member(context)) is not \(Self.name(of: type))"
    case .valueNotFound(let type, let context):
      "\(Self.member(context)) is null, not \(Self.name(of: type))"
    case .keyNotFound(let key, let context):
      "\(Self.member(context, key)) is missing"
    case .dataCorrupted(let context):
      Self.corrupted(context, type, body)
    @unknown default:
      "\(self)"
    }
  }

  /// The decoder says of a number that does not fit not where it is, and of an enum's value not which there are: the shape knows.
  private static func corrupted<Value: Decodable>(_ context: Context, _ type: Value.Type, _ body: [UInt8]) -> String {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(body)) else {
      return "the body is not valid JSON"
    }
    if let (path, expected) = (try? Shape(of: type))?.mismatch(in: value) {
      return "the member '\(path.joined(separator: "."))' is not \(expected.inWords)"
    }
    return "\(member(context)): \(context.debugDescription)"
  }

  private static func member(_ context: Context, _ last: (any CodingKey)? = nil) -> String {
    let path = (context.codingPath + (last.map { [$0] } ?? [])).map { $0.intValue.map(String.init) ?? $0.stringValue }
    return path.isEmpty ? "the body" : "the member '\(path.joined(separator: "."))'"
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is [String: Any].Type: "an object"
    case is [Any].Type: "an array"
    default: "a \(type)"
    }
  }
}
