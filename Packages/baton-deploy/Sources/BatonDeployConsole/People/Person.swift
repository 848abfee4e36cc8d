import Baton

/// Who may do what, as the configuration says it: one entry of `WEB_PEOPLE`.
struct Person: Sendable, Hashable {
  enum Role: String, CaseIterable, Sendable {
    case viewer, deployer, admin
  }

  /// Stands for whoever is let in and has no entry of his own.
  static let anybody = "*"

  let name: String
  let rights: Set<Right>
}

extension Person {
  /// `{name: kim, role: deployer, apps: [shop], environments: [development, staging]}`
  init(_ settings: Settings) throws(ConfigurationError) {
    try settings.checkKeys(["name", "role", "apps", "environments"])
    guard let name = try settings.string("name") else { throw Self.missing("name", settings) }
    if name != Self.anybody {
      do { _ = try PersonName.checked(name) } catch {
        throw settings.error("name", is: "not usable", wants: error.rule)
      }
    }
    self.name = name
    guard let role = try settings.choice("role", of: Role.self) else { throw Self.missing("role", settings) }
    if role != .deployer {
      for key in ["apps", "environments"] where settings.keys.contains(key) {
        throw settings.error(key, is: "of no use to one who is \(role.rawValue)", wants: "the role deployer beside it")
      }
    }
    switch role {
    case .viewer: rights = [.read]
    case .admin: rights = [.administer]
    case .deployer:
      let apps = try Self.names(settings, "apps", Names.app)
      let environments = try Self.names(settings, "environments", Names.environment)
      rights = Set(apps.flatMap { app in environments.map { Right.deploy(app: app, environment: $0) } })
    }
  }

  /// Nil stands for any, which is meant where nothing is said.
  private static func names(
    _ settings: Settings, _ key: String, _ check: (String) throws(InvalidName) -> String
  ) throws(ConfigurationError) -> [String?] {
    guard let words = try settings.list(key) else { return [nil] }
    guard !words.isEmpty else { throw settings.error(key, is: "empty", wants: "names, or no such line at all") }
    var names: [String?] = []
    for word in words {
      do { names.append(word == anybody ? nil : try check(word)) } catch {
        throw settings.error(key, is: "'\(word)'", wants: error.rule)
      }
    }
    return names
  }

  private static func missing(_ key: String, _ settings: Settings) -> ConfigurationError {
    ConfigurationError(
      place: settings.keys.first.map { "\(settings.origin(of: $0))" } ?? settings.file ?? "WEB_PEOPLE",
      problem: "an entry of WEB_PEOPLE has no '\(key)'",
      remedy: "it wants {name: jo, role: viewer}, with deployer or admin for who may do more")
  }
}

extension [Person] {
  /// What somebody may do: what all entries under his name say, or, if there is none, those for anybody; nil if there is none either.
  func rights(of name: String) -> Set<Right>? {
    for wanted in [name, Person.anybody] {
      let entries = filter { $0.name == wanted }
      if !entries.isEmpty { return Set(entries.flatMap(\.rights)) }
    }
    return nil
  }
}
