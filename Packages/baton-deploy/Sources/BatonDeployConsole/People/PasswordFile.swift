public import Baton

/// The passwords of people: a line `NAME:$argon2id$…` for each; empty lines and those that begin with `#` are for people.
public struct PasswordFile: Sendable {
  static let key = "WEB_PASSWORDS"

  private let file: SecretFile

  public init(_ path: String) { file = SecretFile(path: path, key: Self.key) }

  /// The people who have one, sorted.
  public func names() throws(ConfigurationError) -> [String] {
    try Self.parse(try file.read() ?? "", file).keys.sorted()
  }

  /// Gives a person a password, or another one; the rest of the file stays as it is.
  public func set(_ name: String, _ hash: PasswordHash) throws(ConfigurationError) {
    var lines = try lines()
    let line = "\(name):\(hash.encoded)"
    if let index = lines.firstIndex(where: { Self.name(of: $0) == name }) {
      lines[index] = line
    } else {
      lines.append(line)
    }
    try write(lines)
  }

  /// Takes a person's password away; false if there was none.
  public func remove(_ name: String) throws(ConfigurationError) -> Bool {
    let lines = try lines()
    let rest = lines.filter { Self.name(of: $0) != name }
    guard rest.count < lines.count else { return false }
    try write(rest)
    return true
  }

  static func parse(_ text: String, _ file: SecretFile) throws(ConfigurationError) -> [String: PasswordHash] {
    var hashes: [String: PasswordHash] = [:]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else {
        throw file.unusable("has a line that is not NAME:HASH", remedy, line: index + 1)
      }
      let name: String
      do { name = try PersonName.checked(String(parts[0])) } catch {
        throw file.unusable("has a name that is none", error.description, line: index + 1)
      }
      guard let hash = PasswordHash(String(parts[1])) else {
        throw file.unusable("has for \(name) what is no hash of Argon2id that this takes", remedy, line: index + 1)
      }
      guard hashes.updateValue(hash, forKey: name) == nil else {
        throw file.unusable("has \(name) twice", "take one of the lines out", line: index + 1)
      }
    }
    return hashes
  }

  private static let remedy = "'baton-deploy web-password NAME' writes such lines"

  private static func name(of line: String) -> String? {
    line.hasPrefix("#") ? nil : line.split(separator: ":", maxSplits: 1).first.map(String.init)
  }

  /// Once it is known that all of them are right: what is not understood is not written again.
  private func lines() throws(ConfigurationError) -> [String] {
    let text = try file.read() ?? ""
    _ = try Self.parse(text, file)
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast(
      text.isEmpty || text.hasSuffix("\n") ? 1 : 0)
  }

  private func write(_ lines: [String]) throws(ConfigurationError) {
    try file.write(lines.map { "\($0)\n" }.joined())
  }
}
