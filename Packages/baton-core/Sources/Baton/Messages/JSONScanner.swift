/// Reads a body once: whether it is JSON (RFC 8259), within the limits, and without a name that stands twice in an object.
struct JSONScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  /// Of the outermost object.
  private var members: [JSONObject.Member] = []

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Where the members of an object stand in its bytes; throws ``Unreadable`` for what is none.
  static func members(of body: [UInt8]) throws(Unreadable) -> [JSONObject.Member] {
    try body.withUnsafeBufferPointer { bytes throws(Unreadable) in
      var scanner = JSONScanner(bytes)
      scanner.skipSpace()
      try scanner.value(depth: 0)
      scanner.skipSpace()
      guard scanner.position == bytes.count else { throw invalid }
      return scanner.members
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  private static var invalid: Unreadable { Unreadable("the body is not valid JSON") }

  /// The next byte; 0, which stands nowhere in JSON, at the end.
  private var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

  private mutating func skipSpace() {
    while Self.isSpace(next) { position += 1 }
  }

  private mutating func expect(_ byte: UInt8) throws(Unreadable) {
    guard next == byte else { throw Self.invalid }
    position += 1
  }

  // MARK: - Values

  /// - Parameter depth: how many arrays and objects it stands in.
  private mutating func value(depth: Int) throws(Unreadable) {
    switch next {
    case UInt8(ascii: "{"): try object(depth: depth + 1)
    case UInt8(ascii: "["): try array(depth: depth + 1)
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: try number()
    }
  }

  private mutating func object(depth: Int) throws(Unreadable) {
    try enter(depth)
    var names = JSONNames(bytes)
    guard next != UInt8(ascii: "}") else {
      position += 1
      return
    }
    while true {
      let name = position + 1
      try string()
      let nameEnd = position - 1
      guard names.insert(name..<nameEnd) else {
        throw Unreadable("the member '\(JSONNames.text(bytes[name..<nameEnd]))' stands twice")
      }
      skipSpace()
      try expect(UInt8(ascii: ":"))
      skipSpace()
      let start = position
      try value(depth: depth)
      if depth == 1 { members.append(.init(name: name..<nameEnd, value: start..<position)) }
      guard try goesOn(until: UInt8(ascii: "}")) else { return }
    }
  }

  private mutating func array(depth: Int) throws(Unreadable) {
    try enter(depth)
    guard next != UInt8(ascii: "]") else {
      position += 1
      return
    }
    repeat { try value(depth: depth) } while try goesOn(until: UInt8(ascii: "]"))
  }

  private mutating func enter(_ depth: Int) throws(Unreadable) {
    guard depth <= BodyLimits.depth else { throw Unreadable("the body nests deeper than \(BodyLimits.depth)") }
    position += 1
    skipSpace()
  }

  /// Passes a comma, or the end.
  private mutating func goesOn(until end: UInt8) throws(Unreadable) -> Bool {
    skipSpace()
    let isEnd = next == end
    guard isEnd || next == UInt8(ascii: ",") else { throw Self.invalid }
    position += 1
    if !isEnd { skipSpace() }
    return !isEnd
  }

  private mutating func string() throws(Unreadable) {
    try expect(UInt8(ascii: "\""))
    while next != UInt8(ascii: "\"") {
      // A control character, or the end.
      guard next >= 0x20 else { throw Self.invalid }
      if next == UInt8(ascii: "\\") {
        position += 1
        try escape()
      } else {
        position += 1
      }
    }
    position += 1
  }

  private mutating func escape() throws(Unreadable) {
    let kind = next
    position += 1
    switch Unicode.Scalar(kind) {
    case "\"", "\\", "/", "b", "f", "n", "r", "t": return
    case "u":
      for _ in 0..<4 {
        guard Character(Unicode.Scalar(next)).isHexDigit else { throw Self.invalid }
        position += 1
      }
    default: throw Self.invalid
    }
  }

  private mutating func literal(_ text: StaticString) throws(Unreadable) {
    for offset in 0..<text.utf8CodeUnitCount { try expect(text.utf8Start[offset]) }
  }

  private mutating func number() throws(Unreadable) {
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if next == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
  }

  private mutating func digits() throws(Unreadable) {
    let start = position
    while (0x30...0x39).contains(next) { position += 1 }
    guard position > start else { throw Self.invalid }
  }
}
