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
  func text(of name: String) -> String? {
    guard let value = value(of: name), value.first == UInt8(ascii: "\""), !value.contains(UInt8(ascii: "\\")) else {
      return nil
    }
    return String(decoding: value.dropFirst().dropLast(), as: UTF8.self)
  }
}
