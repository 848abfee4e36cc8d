/// A name that comes from people or from the wire and goes into routing keys, paths and logs: checked once, where it comes in.
public struct InvalidName: Error, Hashable, CustomStringConvertible {
  public let kind: String
  public let name: String
  public let rule: String

  public init(kind: String, name: String, rule: String) {
    self.kind = kind
    self.name = name
    self.rule = rule
  }

  public var description: String {
    "'\(name.prefix(80).description.escapingControlCharacters)' is not \(kind): \(rule)"
  }
}

public enum Names {
  /// An environment, in lower case: Chef's `_default` is one.
  ///
  /// Checked as it is written: a look-alike (the Kelvin sign) must not become a letter by being lower-cased.
  public static func environment(_ name: String) throws(InvalidName) -> String {
    try checked(name, as: "an environment").lowercased()
  }

  /// An application.
  public static func app(_ name: String) throws(InvalidName) -> String {
    try checked(name, as: "an application's name")
  }

  /// A version of an application, which is a folder's name and part of an address: `1.4.2+b7`, `4f2a91c`.
  public static func version(_ name: String) throws(InvalidName) -> String {
    let bytes = Array(name.utf8)
    let isValid =
      (1...64).contains(bytes.count) && isLetterOrDigit(bytes[0])
      && bytes.allSatisfy { isLetterOrDigit($0) || [0x2E, 0x5F, 0x2D, 0x2B, 0x7E].contains($0) }
    guard isValid else {
      throw InvalidName(
        kind: "a version", name: name,
        rule: "1 to 64 letters, digits, '.', '_', '-', '+' and '~', beginning with a letter or a digit")
    }
    return name
  }

  /// A host: a DNS name of at most 253 characters (RFC 1123, section 2.1).
  public static func host(_ name: String) throws(InvalidName) -> String {
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    let isValid =
      name.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x5F }
          && label.first != "-" && label.last != "-"
      }
    guard isValid else {
      throw InvalidName(
        kind: "a host's name", name: name,
        rule: "labels of letters, digits, '-' and '_' with dots between them, at most 253 characters")
    }
    return name
  }

  /// `[A-Za-z0-9_][A-Za-z0-9._-]{0,63}`
  private static func checked(_ name: String, as kind: String) throws(InvalidName) -> String {
    let bytes = Array(name.utf8)
    let isValid =
      (1...64).contains(bytes.count) && (isLetterOrDigit(bytes[0]) || bytes[0] == 0x5F)
      && bytes.allSatisfy { isLetterOrDigit($0) || [0x2E, 0x5F, 0x2D].contains($0) }
    guard isValid else {
      throw InvalidName(
        kind: kind, name: name,
        rule: "1 to 64 letters, digits, '.', '_' and '-', beginning with a letter, a digit or '_'")
    }
    return name
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }
}
