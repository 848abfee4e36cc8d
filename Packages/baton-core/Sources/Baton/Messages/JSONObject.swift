/// A body that has been found to be one object of JSON, and where its members stand in it.
struct JSONObject: Hashable, Sendable {
  struct Member: Hashable, Sendable {
    /// Of the text between the quotes.
    var name: Range<Int>
    var value: Range<Int>
  }

  let body: [UInt8]
  let members: [Member]

  /// Whether each member's name is ASCII, written as it is: then bytes tell whether two are equal.
  let hasPlainNames: Bool

  init(body: [UInt8], members: [Member]) {
    self.body = body
    self.members = members
    hasPlainNames = members.allSatisfy { body[$0.name].allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\\") } }
  }

  /// What stands behind a member's name; nil if there is none of that name. To be asked where ``hasPlainNames``.
  func value(of name: String) -> ArraySlice<UInt8>? {
    members.first { body[$0.name].elementsEqual(name.utf8) }.map { body[$0.value] }
  }

  /// A member that is a string without escapes; nil if it is not there, or anything else.
  func text(of name: String) -> String? { value(of: name)?.plainText }
}

extension ArraySlice<UInt8> {
  /// What a value says that is a string without escapes; nil of anything else. The value is known to be JSON.
  var plainText: String? {
    guard first == UInt8(ascii: "\""), !contains(UInt8(ascii: "\\")) else { return nil }
    return String(decoding: dropFirst().dropLast(), as: UTF8.self)
  }

  /// The same of a list of them.
  var plainTexts: [String]? {
    guard first == UInt8(ascii: "["), !contains(UInt8(ascii: "\\")) else { return nil }
    var texts: [String] = []
    var rest = dropFirst()
    while let start = rest.firstIndex(where: { $0 != UInt8(ascii: ",") && !JSONScanner.isSpace($0) }) {
      if rest[start] == UInt8(ascii: "]") { return texts }
      guard rest[start] == UInt8(ascii: "\""), let end = rest[(start + 1)...].firstIndex(of: UInt8(ascii: "\"")) else {
        return nil
      }
      texts.append(String(decoding: rest[(start + 1)..<end], as: UTF8.self))
      rest = rest[(end + 1)...]
    }
    return nil
  }
}
