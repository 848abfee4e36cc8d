public import Baton

/// Who may come in, and how it is known who it is.
public struct PeopleSettings: Sendable {
  public static let keys = [
    "WEB_PEOPLE", PasswordFile.key, TokenFile.key, "WEB_PROXY_USER_HEADER", "WEB_PROXIES", "WEB_AUDIT",
  ]

  let people: [Person]
  public let passwords: String?
  public let tokens: String?
  let proxy: TrustedProxy
  /// Where each act is written down.
  public let audit: String
  /// What a person should know, though it stops nothing.
  public let warnings: [String]

  /// - Parameter state: the console's folder.
  public init(_ settings: Settings, state: String) throws(ConfigurationError) {
    passwords = try settings.path(PasswordFile.key)
    tokens = try settings.path(TokenFile.key)
    audit = try settings.path("WEB_AUDIT") ?? "\(state)/audit.jsonl"
    proxy = try Self.proxy(settings)
    var people: [Person] = []
    for entry in try settings.elements("WEB_PEOPLE", shorthand: "name") ?? [] { people.append(try Person(entry)) }
    self.people = people
    try Self.checkThatSomebodyComesIn(settings, people, proxy)
    warnings = Self.warnings(settings, people, proxy)
  }

  /// Whether somebody who is let in may do anything.
  public func hasRole(_ name: String) -> Bool { people.rights(of: name) != nil }

  private static func proxy(_ settings: Settings) throws(ConfigurationError) -> TrustedProxy {
    var proxy = TrustedProxy()
    if let header = try settings.string("WEB_PROXY_USER_HEADER") {
      let isName = header.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
        default: false
        }
      }
      guard isName, !["authorization", "cookie", "host"].contains(header.lowercased()) else {
        throw settings.error(
          "WEB_PROXY_USER_HEADER", is: "'\(header)'", wants: "a header of the proxy's own, such as X-Forwarded-User")
      }
      proxy.userHeader = header.lowercased()
    }
    guard let words = try settings.list("WEB_PROXIES") else { return proxy }
    proxy.addresses = []
    for word in words {
      guard let address = word == "unix" ? word : IPAddress.canonical(word) else {
        throw settings.error(
          "WEB_PROXIES", is: "'\(word)'", wants: "IP addresses, such as 127.0.0.1 or ::1, and 'unix'")
      }
      proxy.addresses.insert(address)
    }
    return proxy
  }

  /// A console that nobody can use is a mistake, and so is one that everybody may enter without it being said what for.
  private static func checkThatSomebodyComesIn(
    _ settings: Settings, _ people: [Person], _ proxy: TrustedProxy
  ) throws(ConfigurationError) {
    let ways = [PasswordFile.key, "WEB_PROXY_USER_HEADER"].filter { settings.keys.contains($0) }
    guard !ways.isEmpty || settings.keys.contains(TokenFile.key) else {
      throw ConfigurationError(
        place: settings.file ?? "configuration", problem: "nobody could come in",
        remedy: "set WEB_PASSWORDS to a file of passwords, or WEB_PROXY_USER_HEADER where a proxy says who it is")
    }
    if let way = ways.first, people.isEmpty {
      throw ConfigurationError(
        place: "\(settings.origin(of: way))", problem: "WEB_PEOPLE is missing: nobody may do anything",
        remedy: "name people and roles, such as WEB_PEOPLE: [{name: jo, role: admin}]")
    }
  }

  private static func warnings(_ settings: Settings, _ people: [Person], _ proxy: TrustedProxy) -> [String] {
    guard proxy.userHeader != nil else { return [] }
    return proxy.addresses.filter { $0 == "::1" || $0.hasPrefix("127.") }.sorted().map {
      "\(settings.origin(of: "WEB_PROXIES")): every user of this machine can connect from \($0), and say that he is anybody; "
        + "a socket's file (WEB_LISTEN: unix:…) is for the proxy alone"
    }
  }
}
