/// What a body may be, checked before any decoder sees it: a decoder spends a second on a kilobyte that nests 500 deep, and takes
/// the last of two equal members without a word.
enum BodyLimits {
  /// Bytes.
  static let size = 256 * 1024
  /// Arrays and objects within each other.
  static let depth = 32

  /// Throws ``Unreadable`` unless the bytes can be an object within the limits. The grammar itself is the decoder's business.
  static func check(_ body: [UInt8], size bodySize: Int) throws(Unreadable) {
    guard bodySize <= size else { throw Unreadable("the body has \(bodySize) bytes, more than \(size)") }
    guard let first = body.first(where: { !isSpace($0) }) else { throw Unreadable("the body is empty") }
    guard first != 0xEF else { throw Unreadable("the body begins with a byte order mark") }
    guard first == UInt8(ascii: "{") else { throw Unreadable("the body is not a JSON object") }
    guard String(validating: body, as: UTF8.self) != nil else { throw Unreadable("the body is not valid UTF-8") }
    try checkStructure(body)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  /// An object that is being read: its members so far. An array has none.
  private struct Level {
    var members: Set<String>?
    var expectsMember: Bool
  }

  private static func checkStructure(_ body: [UInt8]) throws(Unreadable) {
    var levels: [Level] = []
    var position = 0
    var isBehindComma = false
    while position < body.count {
      let byte = body[position]
      // The decoder takes a comma before the end, which is no JSON to anybody else.
      if isBehindComma, byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        throw Unreadable("the body is not valid JSON")
      }
      if !isSpace(byte) { isBehindComma = byte == UInt8(ascii: ",") }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard levels.count < depth else { throw Unreadable("the body nests deeper than \(depth)") }
        let isObject = byte == UInt8(ascii: "{")
        levels.append(Level(members: isObject ? [] : nil, expectsMember: isObject))
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        _ = levels.popLast()
      case UInt8(ascii: ","):
        if let top = levels.indices.last { levels[top].expectsMember = levels[top].members != nil }
      case UInt8(ascii: "\""):
        let end = endOfString(in: body, from: position)
        if let top = levels.indices.last, levels[top].expectsMember {
          levels[top].expectsMember = false
          let name = JSONText.unescape(body[(position + 1)..<max(end, position + 1)])
          guard levels[top].members?.insert(name).inserted == true else {
            throw Unreadable("the member '\(name)' stands twice")
          }
        }
        position = end
      default:
        break
      }
      position += 1
    }
  }

  /// The position of the closing quote, or the end of a body that has none.
  private static func endOfString(in body: [UInt8], from start: Int) -> Int {
    var position = start + 1
    while position < body.count, body[position] != UInt8(ascii: "\"") {
      position += body[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(position, body.count)
  }
}

/// A body that cannot be taken for a message, and why.
public struct Unreadable: Error, Hashable, CustomStringConvertible {
  public let reason: String

  public init(_ reason: String) { self.reason = reason }

  public var description: String { reason }
}
