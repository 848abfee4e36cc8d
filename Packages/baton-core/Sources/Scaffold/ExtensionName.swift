import Baton

/// The name of an extension, and the names that follow from it: `my-app-2` makes `baton-my-app-2`, `baton_my_app_2` and `MyApp2`.
public struct ExtensionName: Sendable, Hashable {
  static let rule = "it wants at most 40 lower-case letters and digits, a letter first, single dashes between"
  /// Names of this project's own packages, modules and executables.
  private static let taken = ["core", "cli", "testing", "ping", "ping-monitor", "deploy", "sim"]

  /// `my-app-2`
  public let text: String

  /// Throws ``Refusal`` for a name that could not be that of a folder, an executable, an exchange and a Swift module alike.
  public init(_ text: String) throws(Refusal) {
    let shown = "'\(text.prefix(60).description.escapingControlCharacters)\(text.count > 60 ? "…" : "")'"
    guard Self.isValid(text) else {
      let hint = Self.near(text).map { ", such as '\($0)'" } ?? ""
      throw Refusal(.usage, "\(shown) is no name for an extension", "\(Self.rule)\(hint)")
    }
    guard !text.hasPrefix("baton-"), text != "baton" else {
      let rest = text.dropFirst("baton-".count)
      throw Refusal(
        .usage, "\(shown) begins with baton already",
        rest.isEmpty ? "give it a name of its own" : "type '\(rest)': the package is called \(text) then")
    }
    guard !Self.taken.contains(text) else {
      throw Refusal(.usage, "baton itself has a baton-\(text)", "take another name")
    }
    self.text = text
  }

  /// The package, its folder and its executable: `baton-my-app-2`.
  public var package: String { "baton-\(text)" }

  /// Of the exchanges: `baton_my_app_2`.
  var service: String { package.replacing("-", with: "_") }

  /// What the names of its types begin with: `MyApp2`.
  var type: String { text.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }

  /// `BatonMyApp2`
  var module: String { "Baton\(type)" }

  /// `[a-z][a-z0-9]*(-[a-z0-9]+)*`
  private static func isValid(_ text: String) -> Bool {
    let words = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return (1...40).contains(text.utf8.count) && (text.utf8.first.map(isLetter) ?? false)
      && words.allSatisfy { !$0.isEmpty && $0.allSatisfy { isLetter($0) || isDigit($0) } }
  }

  /// The name that somebody may have meant: in lower case, and a dash for what is not allowed.
  private static func near(_ text: String) -> String? {
    guard text.utf8.count <= 40, text.allSatisfy(\.isASCII) else { return nil }
    let words = text.lowercased().split { !($0.isLetter || $0.isNumber) }
    let name = words.joined(separator: "-")
    return isValid(name) ? name : nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
