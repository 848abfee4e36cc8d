public import Baton

/// What an agent is told beside what every program of baton is told.
public struct DeployConfiguration: Sendable {
  public let apps: [App]
  public let policy: Policy
  /// Where the journal is, and artifacts on their way.
  public let stateFolder: String
  /// Where each request that would change something is written down.
  let auditLog: AuditLog
  /// What a person should know, though it stops nothing.
  public let warnings: [String]

  /// The keys of the configuration that only this program knows.
  public static let keys = [
    "APPS", "APP_DEFAULTS", "STATE_DIR", "ALLOW_UNSIGNED", "TRUSTED_KEYS", "AUDIT_LOG", "SIGN_KEY",
  ]

  /// Throws `ConfigurationError` with file, line and key.
  public init(_ configuration: Configuration, on server: Server) throws(ConfigurationError) {
    let settings = configuration.settings
    stateFolder = try settings.path("STATE_DIR") ?? "/var/lib/baton-deploy"
    policy = Policy(
      allowsUnsigned: try settings.bool("ALLOW_UNSIGNED") ?? false, keys: try TrustedKey.read(settings))
    auditLog = AuditLog(path: try settings.path("AUDIT_LOG") ?? "\(stateFolder)/audit.jsonl")
    let defaults = try settings.nested("APP_DEFAULTS")
    let named = try settings.nested("APPS")
    var apps: [App] = []
    if let named {
      for name in named.keys {
        do { _ = try Names.app(name) } catch {
          throw named.error(name, is: "not usable", wants: error.rule)
        }
        guard let own = try named.nested(name) else { continue }
        let reader = AppReader(name, defaults.map { own.with(defaults: $0) } ?? own, server, configuration.password)
        apps.append(try reader.app())
      }
    } else if let defaults {
      // Those in the host's facts, all after one pattern.
      for name in server.appNames { apps.append(try AppReader(name, defaults, server, configuration.password).app()) }
    }
    self.apps = apps
    var warnings = apps.filter(\.isRoots).map {
      "the application '\($0.name)' has no 'user': its artifacts are unpacked, and its steps run, as root"
    }
    if !policy.allowsUnsigned, policy.keys.isEmpty {
      warnings.append("nobody can change anything here: there is neither TRUSTED_KEYS nor ALLOW_UNSIGNED: true")
    }
    self.warnings = warnings
  }

  /// A host that names those of the applications as well which only the configuration knows, so that whoever hears it say `up` learns of them.
  public func naming(_ server: Server) -> Server {
    var server = server
    server.appNames += apps.map(\.name).filter { !server.appNames.contains($0) }
    return server
  }
}
