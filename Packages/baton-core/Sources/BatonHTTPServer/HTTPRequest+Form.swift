extension HTTPRequest {
  /// Fields of one form; a page with one for each of ten thousand hosts has fewer.
  private static let fieldLimit = 20_000

  /// The fields of a form: all values of each name, in their order. Nil if the body is of another type, or is not what that type says.
  ///
  /// Source: WHATWG URL Standard, section 5.1; stricter in that a lone `%`, and bytes that are no UTF-8, are not taken.
  public var form: [String: [String]]? {
    let type = headers["content-type"]?.split(separator: ";").first?.lowercased()
    guard type?.filter({ $0 != " " }) == "application/x-www-form-urlencoded" else { return nil }
    let fields = body.split(separator: UInt8(ascii: "&"))
    guard fields.count <= Self.fieldLimit else { return nil }
    var form: [String: [String]] = [:]
    for field in fields {
      let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count == 2 ? parts[1] : []) else {
        return nil
      }
      form[name, default: []].append(value)
    }
    return form
  }

  /// `+` is a blank, and `%XX` a byte.
  private static func decoded(_ text: ArraySlice<UInt8>) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
