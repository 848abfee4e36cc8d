public import Baton

/// What a person is called: checked once, where it comes in, since it goes into files, headers and logs.
public enum PersonName {
  /// A login, or an address of mail, as proxies give it. The case matters.
  ///
  /// No colon: it ends the name in a file of passwords and in HTTP basic, and it stands in the name of a token.
  public static func checked(_ name: String) throws(InvalidName) -> String {
    let bytes = Array(name.utf8)
    let isValid =
      (1...128).contains(bytes.count) && bytes.first.map(isLetterOrDigit) ?? false
      && bytes.allSatisfy { isLetterOrDigit($0) || ".-+@".utf8.contains($0) }
    guard isValid else {
      throw InvalidName(
        kind: "a person's name", name: name,
        rule: "1 to 128 letters, digits, '_', '.', '-', '+' and '@', beginning with a letter, a digit or '_'")
    }
    return name
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
    default: false
    }
  }
}
