import Baton
import BatonHTTP
import BatonProcess

/// Reads how one application is deployed.
struct AppReader {
  private static let keys = [
    "deploy_to", "artifact", "shared", "before", "after", "restart", "command", "health", "keep_releases", "user",
    "env",
    "mask",
  ]

  private let name: String
  private let settings: Settings
  private let server: Server
  private let password: Secret

  init(_ name: String, _ settings: Settings, _ server: Server, _ password: Secret) {
    self.name = name
    self.settings = settings
    self.server = server
    self.password = password
  }

  func app() throws(ConfigurationError) -> App {
    try settings.checkKeys(Self.keys)
    let user = try user(settings)
    let environment = try environment(settings)
    let steps = StepReader(user: user, environment: environment, placeholders: placeholders)
    let method: App.Method
    if let command = try steps.program(settings, "command") {
      for key in ["artifact", "shared", "before", "after", "keep_releases"] where settings.keys.contains(key) {
        throw settings.error(key, is: "of no use beside 'command'", wants: "one of them alone")
      }
      method = .command(command)
    } else {
      method = .releases(try releasing(steps, user))
    }
    var secrets = environment.filter { Masker.isSuspect($0.key) }.map(\.value)
    // The default is none.
    if password.value != "guest" { secrets.append(password.value) }
    return App(
      name: name, method: method, restart: try steps.program(settings, "restart"), health: try health(steps),
      masker: Masker(secrets + (try settings.list("mask") ?? [])))
  }

  /// What `%{…}` may stand for in all texts, but for the version.
  private var placeholders: [String: String] {
    ["app": name, "environment": server.environment, "fqdn": server.fqdn]
  }

  private func releasing(_ steps: StepReader, _ user: User?) throws(ConfigurationError) -> Releasing {
    guard let text = try settings.string("deploy_to") else { throw missing("deploy_to", "the folder of its releases") }
    let path = Template(text: text).filled(placeholders)
    guard path.hasPrefix("/"), path.utf8.count > 1, !path.split(separator: "/").contains("..") else {
      throw settings.error("deploy_to", is: "'\(text)'", wants: "a path from the root, such as /srv/\(name)")
    }
    var releasing = Releasing(layout: Layout(path: path, owner: user), artifact: try artifact())
    releasing.shared = try settings.list("shared") ?? []
    for path in releasing.shared {
      let parts = path.split(separator: "/", omittingEmptySubsequences: false)
      guard !parts.contains(".."), !parts.contains("."), !parts.dropLast().contains(""), path != "/" else {
        throw settings.error(
          "shared", is: "'\(path)'", wants: "paths within a release, such as config/database.yml or log/")
      }
    }
    releasing.before = try steps.programs(settings, "before")
    releasing.after = try steps.programs(settings, "after")
    releasing.keep = try settings.int("keep_releases", in: 1...1000) ?? releasing.keep
    return releasing
  }

  private func artifact() throws(ConfigurationError) -> Artifact {
    guard let own = try settings.nested("artifact") else { throw missing("artifact", "where its artifacts are") }
    try own.checkKeys([
      "url", "checksum_url", "allow", "ca", "max_bytes", "timeout", "unpack_timeout", "max_entries",
      "max_unpacked_bytes",
      "max_ratio",
    ])
    guard let url = try address(own, "url") else {
      throw own.error(
        "url", is: "missing", wants: "an address such as https://artifacts.example/\(name)-%{version}.tar.gz")
    }
    guard url.names.contains("version") else {
      throw own.error("url", is: "'\(url.text)'", wants: "%{version} in it")
    }
    var artifact = Artifact(
      url: url, checksumURL: try address(own, "checksum_url") ?? Template(text: "\(url.text).sha256"))
    artifact.allowed = try own.list("allow") ?? []
    for prefix in artifact.allowed where !Self.isAddress(prefix) || !prefix.hasSuffix("/") {
      throw own.error(
        "allow", is: "'\(prefix)'", wants: "beginnings of addresses that end with '/': https://artifacts.example/")
    }
    artifact.authorities = try own.path("ca")
    artifact.timeout = try own.duration("timeout") ?? artifact.timeout
    artifact.unpackTimeout = try own.duration("unpack_timeout") ?? artifact.unpackTimeout
    let most = 1 << 50
    artifact.limit = try own.int("max_bytes", in: 1...most).map(Int64.init) ?? artifact.limit
    artifact.limits.entries = try own.int("max_entries", in: 1...10_000_000) ?? artifact.limits.entries
    artifact.limits.bytes = try own.int("max_unpacked_bytes", in: 1...most).map(Int64.init) ?? artifact.limits.bytes
    artifact.limits.ratio = try own.int("max_ratio", in: 1...1_000_000).map(Int64.init) ?? artifact.limits.ratio
    return artifact
  }

  private func address(_ settings: Settings, _ key: String) throws(ConfigurationError) -> Template? {
    guard let text = try settings.string(key) else { return nil }
    let template = Template(text: Template(text: text).filled(placeholders))
    guard Self.isAddress(template.text) else {
      throw settings.error(
        key, is: "'\(text.withoutCredentials)'", wants: "an address that begins with https:// or file:///")
    }
    try checkPlaceholders(template, ["version"], settings, key)
    return template
  }

  static func isAddress(_ text: String) -> Bool { text.hasPrefix("https://") || text.hasPrefix("file:///") }

  private func health(_ steps: StepReader) throws(ConfigurationError) -> HealthCheck? {
    guard let own = try settings.element("health", shorthand: "run") else { return nil }
    try own.checkKeys(["url", "run", "user", "folder", "env", "interval", "timeout", "successes"])
    let probe: HealthCheck.Probe
    if let url = try own.string("url") {
      guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
        throw own.error(
          "url", is: "'\(url.withoutCredentials)'", wants: "an address that begins with http:// or https://")
      }
      let template = Template(text: Template(text: url).filled(placeholders))
      try checkPlaceholders(template, ["version"], own, "url")
      probe = .url(template)
    } else if own.keys.contains("run") {
      probe = .program(try steps.program(own))
    } else {
      throw settings.error("health", is: "without a check", wants: "'url' or 'run'")
    }
    var health = HealthCheck(probe: probe)
    health.interval = try own.duration("interval") ?? health.interval
    health.timeout = try own.duration("timeout") ?? health.timeout
    health.successes = try own.int("successes", in: 1...1000) ?? health.successes
    return health
  }

  private func user(_ settings: Settings) throws(ConfigurationError) -> User? { try StepReader.user(settings) }

  private func environment(_ settings: Settings) throws(ConfigurationError) -> [String: String] {
    try StepReader.environment(settings)
  }

  private func missing(_ key: String, _ what: String) -> ConfigurationError {
    // Its own line is not there: that of any other key of the application is near.
    let place = settings.keys.first.map { "\(settings.origin(of: $0))" } ?? settings.file ?? "APPS"
    return ConfigurationError(
      place: place, problem: "the application '\(name)' has no '\(key)'", remedy: "it wants \(what)")
  }
}

/// Refuses a text with something in it that nothing is put in for.
func checkPlaceholders(
  _ template: Template, _ known: [String], _ settings: Settings, _ key: String
) throws(ConfigurationError) {
  if let name = template.names.first(where: { !known.contains($0) }) {
    throw settings.error(
      key, is: "a text with %{\(name)} in it",
      wants: "one of %{version}, %{app}, %{environment}, %{fqdn}\(known.contains("release") ? ", %{release}" : "")")
  }
}
