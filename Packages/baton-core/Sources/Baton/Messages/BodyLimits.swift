/// What a body may be, checked before any decoder sees it: a decoder spends a second on a kilobyte that nests 500 deep, and takes
/// the last of two equal members without a word.
enum BodyLimits {
  /// Bytes.
  static let size = 256 * 1024
  /// Arrays and objects within each other.
  static let depth = 32

  /// The body as an object; throws ``Unreadable`` unless it is one within the limits.
  static func check(_ body: [UInt8], size bodySize: Int) throws(Unreadable) -> JSONObject {
    guard bodySize <= size else { throw Unreadable("the body has \(bodySize) bytes, more than \(size)") }
    guard let first = body.first(where: { !JSONScanner.isSpace($0) }) else { throw Unreadable("the body is empty") }
    guard first != 0xEF else { throw Unreadable("the body begins with a byte order mark") }
    guard first == UInt8(ascii: "{") else { throw Unreadable("the body is not a JSON object") }
    guard body.allSatisfy({ $0 < 0x80 }) || String(validating: body, as: UTF8.self) != nil else {
      throw Unreadable("the body is not valid UTF-8")
    }
    return JSONObject(body: body, members: try JSONScanner.members(of: body))
  }
}

/// A body that cannot be taken for a message, and why.
public struct Unreadable: Error, Hashable, CustomStringConvertible {
  public let reason: String

  public init(_ reason: String) { self.reason = reason }

  public var description: String { reason }
}
