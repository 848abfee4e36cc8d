public import Baton

/// What lets a program in: a chat bot, a pipeline. The token itself is told once, to whoever makes it.
public struct AccessToken: Codable, Sendable, Hashable {
  public let name: String
  /// Of the token: `bat_` and 64 hexadecimal digits.
  let sha256: String
  /// `read`, `deploy:shop/production`, `deploy:*/development`.
  public let may: [String]
  /// In milliseconds since 1970.
  public let created: Int64
  public let expires: Int64
  /// Who made it.
  public let by: String?

  static let prefix = "bat_"

  /// A new one, and its secret.
  ///
  /// - Parameter may: see ``rights(of:)``.
  public static func make(
    name: String, may: [String], by: String?, now: Int64, expires: Int64
  ) throws(InvalidName) -> (token: AccessToken, secret: String) {
    _ = try Names.app(name)
    _ = try rights(of: may)
    let secret = prefix + Randomness.secret()
    let token = AccessToken(
      name: name, sha256: Fingerprint(of: secret).hexadecimal, may: may, created: now, expires: expires, by: by)
    return (token, secret)
  }

  /// What the words mean: `read`, or `deploy:APP/ENVIRONMENT` with a star for any of them.
  public static func rights(of words: [String]) throws(InvalidName) -> Set<Right> {
    var rights: Set<Right> = []
    for word in words { rights.insert(try right(of: word)) }
    return rights
  }

  private static func right(of word: String) throws(InvalidName) -> Right {
    if word == "read" { return .read }
    let place = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let names = place.last?.split(separator: "/", omittingEmptySubsequences: false) ?? []
    guard place.count == 2, place[0] == "deploy", names.count == 2 else {
      throw InvalidName(kind: "a right", name: word, rule: "'read', or 'deploy:APP/ENVIRONMENT', with '*' for any")
    }
    return .deploy(
      app: names[0] == "*" ? nil : try Names.app(String(names[0])),
      environment: names[1] == "*" ? nil : try Names.environment(String(names[1])))
  }
}
