/// Whom a request is for.
public struct Target: Sendable, Hashable {
  /// The key that services listen to: an environment for ping, `<app>.<environment>` for deploy.
  public let key: String
  /// One host of those that listen to the key; nil: all of them.
  public let host: String?

  /// Keys are lower-cased, as they are where they are bound.
  public init(_ key: String, host: String? = nil) {
    self.key = key.lowercased()
    self.host = host
  }

  /// All who listen to some keys, or, where hosts are named, those alone.
  ///
  /// A host is asked under each of the keys: which of them it listens to is not known.
  public static func each(of keys: [String], hosts: [String] = []) -> [Target] {
    keys.flatMap { key in hosts.isEmpty ? [Target(key)] : hosts.map { Target(key, host: $0) } }
  }

  /// A key of one host is the key with the host's name behind it.
  public var routingKey: String { host.map { "\(key).\($0)" } ?? key }
}

extension Target: ExpressibleByStringLiteral {
  public init(stringLiteral key: String) { self.init(key) }
}
