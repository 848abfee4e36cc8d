public import Baton

/// The tokens of programs: a line of JSON for each.
public struct TokenFile: Sendable {
  static let key = "WEB_TOKENS"

  private let file: SecretFile

  public init(_ path: String) { file = SecretFile(path: path, key: Self.key) }

  /// In the order in which they were made.
  public func tokens() throws(ConfigurationError) -> [AccessToken] {
    try Self.tokens(try file.read() ?? "", file)
  }

  /// Adds one; false if there is one of that name.
  public func add(_ token: AccessToken) throws(ConfigurationError) -> Bool {
    let tokens = try tokens()
    guard !tokens.contains(where: { $0.name == token.name }) else { return false }
    try write(tokens + [token])
    return true
  }

  /// Takes one away; false if there was none.
  public func remove(_ name: String) throws(ConfigurationError) -> Bool {
    let tokens = try tokens()
    let rest = tokens.filter { $0.name != name }
    guard rest.count < tokens.count else { return false }
    try write(rest)
    return true
  }

  /// By what is kept of their secrets.
  static func parse(_ text: String, _ file: SecretFile) throws(ConfigurationError) -> [Fingerprint: KnownToken] {
    var known: [Fingerprint: KnownToken] = [:]
    for token in try tokens(text, file) {
      guard let fingerprint = Fingerprint(hexadecimal: token.sha256),
        let rights = try? AccessToken.rights(of: token.may)
      else { continue }
      known[fingerprint] = KnownToken(token: token, rights: rights)
    }
    return known
  }

  private static func tokens(_ text: String, _ file: SecretFile) throws(ConfigurationError) -> [AccessToken] {
    var tokens: [AccessToken] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !line.isEmpty
    {
      let token: AccessToken
      do {
        token = try JSONText.decode(AccessToken.self, from: [UInt8](line.utf8))
        _ = try Names.app(token.name)
        _ = try AccessToken.rights(of: token.may)
      } catch {
        throw file.unusable("has a line that is no token: \(error)", remedy, line: index + 1)
      }
      guard Fingerprint(hexadecimal: token.sha256) != nil else {
        throw file.unusable("has for \(token.name) what is no SHA-256", remedy, line: index + 1)
      }
      guard !tokens.contains(where: { $0.name == token.name }) else {
        throw file.unusable("has \(token.name) twice", "take one of the lines out", line: index + 1)
      }
      tokens.append(token)
    }
    return tokens
  }

  private static let remedy = "'baton-deploy web-token' writes such lines"

  private func write(_ tokens: [AccessToken]) throws(ConfigurationError) {
    var text = ""
    for token in tokens {
      // Words and numbers: there is nothing in it that could fail to encode.
      guard let bytes = try? JSONText.encode(token) else { continue }
      text += String(decoding: bytes, as: UTF8.self) + "\n"
    }
    try file.write(text)
  }
}

/// A token as the door sees it.
struct KnownToken: Sendable {
  let token: AccessToken
  let rights: Set<Right>
}
