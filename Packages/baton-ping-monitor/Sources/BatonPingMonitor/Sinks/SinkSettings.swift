package import Baton

/// A sink as it was configured: its name, what goes there, and how fast.
package struct SinkSettings: Sendable {
  package let name: String
  package let kind: Kind
  package let filter: SinkFilter
  /// The least time between two messages.
  let pace: Duration
  /// How long the first of several waits for others to go with it.
  let groupWait: Duration
  /// The longest pause between two attempts while the sink is away.
  let retry: Duration
  /// How often what is firing is told again; nil: never.
  let resend: Duration?
  /// What a person should know, though it stops nothing.
  let warnings: [String]
  /// Makes the sink; the log is known only to a running program.
  let make: @Sendable (Logger) -> any Sink

  package enum Kind: String, Sendable, CaseIterable {
    case alertmanager, slack, pagerduty, webhook, command, file, log
  }

  package func sink(logger: Logger) -> any Sink { make(logger) }
}

extension SinkSettings {
  /// One entry of `SINKS`.
  init(_ settings: Settings) throws(ConfigurationError) {
    try settings.checkKeys([
      "name", "kind", "severity", "match", "pace", "group_wait", "resend", "url", "url_file", "insecure", "ca_file",
      "key", "key_file", "secret", "secret_file", "command", "timeout", "path", "retry",
    ])
    guard let kind = try settings.choice("kind", of: Kind.self) else { throw settings.missing("kind") }
    self.kind = kind
    name = try settings.string("name") ?? kind.rawValue
    filter = SinkFilter(
      severity: try settings.choice("severity", of: Severity.self) ?? .info,
      matchers: try settings.matchers("match"))
    pace = try settings.duration("pace") ?? (kind == .slack ? .seconds(1) : .zero)
    groupWait = try settings.duration("group_wait") ?? (kind == .slack ? .seconds(1) : .zero)
    resend = try settings.duration("resend") ?? (kind == .alertmanager ? .seconds(60) : nil)
    retry = try settings.duration("retry") ?? .seconds(30)
    warnings = try settings.exposures(urlIsSecret: kind == .slack)
    make = try Self.maker(kind, settings)
  }

  private static func maker(
    _ kind: Kind, _ settings: Settings
  ) throws(ConfigurationError) -> @Sendable (Logger) -> any Sink {
    switch kind {
    case .alertmanager:
      let sink = AlertmanagerSink(endpoint: try settings.endpoint())
      return { _ in sink }
    case .slack:
      let sink = SlackSink(endpoint: try settings.endpoint())
      return { _ in sink }
    case .pagerduty:
      guard let key = try settings.secret("key") else { throw settings.missing("key") }
      let sink = PagerDutySink(endpoint: try settings.endpoint(standard: PagerDutySink.standardURL), routingKey: key)
      return { _ in sink }
    case .webhook:
      let clock = SteadyClock()
      let sink = WebhookSink(endpoint: try settings.endpoint(), secret: try settings.secret("secret")) { clock.now }
      return { _ in sink }
    case .command:
      guard let words = try settings.words("command") else { throw settings.missing("command") }
      let sink = CommandSink(words: words, timeout: try settings.duration("timeout") ?? .seconds(30))
      return { _ in sink }
    case .file:
      guard let path = try settings.path("path") else { throw settings.missing("path") }
      return { _ in FileSink(path: path) }
    case .log:
      return { AlertLogSink(logger: $0) }
    }
  }
}

extension Settings {
  /// The address under `url`, or in the file that `url_file` names.
  fileprivate func endpoint(standard: String? = nil) throws(ConfigurationError) -> Endpoint {
    guard let url = try secret("url") ?? standard.map({ Secret($0) }) else { throw missing("url") }
    let isPlain = url.value.hasPrefix("http://")
    guard isPlain || url.value.hasPrefix("https://") else {
      throw error("url", "is not the address of a web server", "it wants https://HOST/PATH")
    }
    let host = url.value.dropFirst("http://".count).prefix { $0 != "/" && $0 != "?" }
    let isLoopback = ["127.", "localhost", "[::1]"].contains { host.hasPrefix($0) }
    let isPermitted = try bool("insecure") ?? false
    guard !isPlain || isLoopback || isPermitted else {
      throw error(
        "url", "is plain HTTP to another machine, and alerts would be readable on the way",
        "write https://, or accept that with 'insecure: true'")
    }
    return Endpoint(
      url: Secret(url.value.hasSuffix("/") ? String(url.value.dropLast()) : url.value),
      authorities: try path("ca_file"))
  }

  /// The secrets of a sink that others can read.
  fileprivate func exposures(urlIsSecret: Bool) throws(ConfigurationError) -> [String] {
    let hasCredentials = try string("url")?.contains("@") ?? false
    var found: [String] = []
    for key in ["url", "key", "secret"] where key != "url" || urlIsSecret || hasCredentials {
      if let words = try exposure(of: key, fileKey: "\(key)_file") { found.append(words) }
      if let words = try exposure(ofFileUnder: "\(key)_file") { found.append(words) }
    }
    return found
  }

  /// A secret that stands in the configuration, or better in a file of its own: the first line of the one named by KEY_file.
  fileprivate func secret(_ key: String) throws(ConfigurationError) -> Secret? {
    if let text = try string(key) { return Secret(text) }
    guard let path = try path("\(key)_file") else { return nil }
    do {
      let bytes = try FileBytes.read(path, limit: 64 * 1024)
      return Secret(String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self))
    } catch {
      throw self.error("\(key)_file", "cannot be read: \(error.reason)", "see to \(path) and its rights")
    }
  }
}
