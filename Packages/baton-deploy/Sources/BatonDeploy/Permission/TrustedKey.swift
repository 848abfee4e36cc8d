import Baton
import BatonSigning

/// A key that the host's configuration trusts, and what with. What is not named is not permitted.
struct TrustedKey: Sendable, Hashable {
  /// Stands for all of them.
  static let all = "*"
  /// The types of requests that change something.
  static let changes = [
    Deploy.type, Rollback.type, Restart.type, Cancel.type, Lock.type, Unlock.type,
  ]

  let key: PublicKey
  let may: Set<String>
  let apps: Set<String>
  let environments: Set<String>

  func permits(_ type: String, of app: String, in environment: String) -> Bool {
    [(may, type), (apps, app), (environments, environment.lowercased())].allSatisfy { permitted, wanted in
      permitted.contains(wanted) || permitted.contains(Self.all)
    }
  }
}

extension TrustedKey {
  /// Those of `TRUSTED_KEYS`, by their names.
  static func read(_ settings: Settings) throws(ConfigurationError) -> [String: TrustedKey] {
    guard let named = try settings.nested("TRUSTED_KEYS") else { return [:] }
    var keys: [String: TrustedKey] = [:]
    for name in named.keys {
      do { _ = try Names.app(name) } catch { throw named.error(name, is: "not usable", wants: error.rule) }
      guard let own = try named.nested(name) else { continue }
      keys[name] = try TrustedKey(own)
    }
    return keys
  }

  private init(_ own: Settings) throws(ConfigurationError) {
    try own.checkKeys(["key", "may", "apps", "environments"])
    let text = try Self.wanted(own, "key", try own.string("key"), "what 'baton keygen' has printed")
    guard let key = PublicKey(text) else {
      throw own.error("key", is: "no public key", wants: "32 bytes in base64, as 'baton keygen' prints them")
    }
    let may = try Self.wanted(own, "may", try own.list("may"), Self.changes.joined(separator: ", "))
    for type in may where type != Self.all && !Self.changes.contains(type) {
      throw own.error("may", is: "'\(type)'", wants: "some of \(Self.changes.joined(separator: ", ")), or '*'")
    }
    self.key = key
    self.may = Set(may)
    apps = Set(try Self.wanted(own, "apps", try own.list("apps"), "names of applications, or '*'"))
    environments = Set(
      try Self.wanted(own, "environments", try own.list("environments"), "names of environments, or '*'").map {
        $0.lowercased()
      })
  }

  private static func wanted<Value>(
    _ own: Settings, _ key: String, _ value: Value?, _ remedy: String
  ) throws(ConfigurationError) -> Value {
    guard let value else { throw own.error(key, is: "missing", wants: remedy) }
    return value
  }
}
