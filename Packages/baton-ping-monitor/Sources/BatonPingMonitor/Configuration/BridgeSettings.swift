package import Baton

/// What the monitor is told beside the keys of every program: whom to ask, what is wrong, whom to tell.
package struct BridgeSettings: Sendable {
  package static let keys = [
    "PING", "PING_INTERVAL", "SILENT_WARNING", "SILENT_CRITICAL", "FORGET_AFTER", "HOSTS_FILE", "STATE_FILE",
    "HTTP_LISTEN", "RULES", "SINKS", "FLAPPING", "LOG_MESSAGES",
  ]
  /// Those of which a running monitor takes up another value.
  static let renewableKeys = Set(keys).subtracting(["STATE_FILE", "HTTP_LISTEN"])
  static let standardStateFile = "/var/lib/baton-ping-monitor/state.db"

  /// The environments whose hosts are asked whether they are there.
  var environments: [String] = []
  var interval: Duration = .seconds(20)
  package var stateFile = BridgeSettings.standardStateFile
  /// Where the page and the metrics are; nil: nowhere.
  package var listen: (host: String, port: Int)?
  package var sinks: [SinkSettings] = []
  var logsMessages = false
  /// What a person should know, though it stops nothing.
  var warnings: [String] { sinks.flatMap(\.warnings) }
  var situation = Situation.Settings()

  /// Whether anything says that the monitor is to be more than something that writes down what it hears.
  package static func isWanted(by settings: Settings) -> Bool {
    keys.contains { $0 != "LOG_MESSAGES" && settings.origin(of: $0) != .standard }
  }

  package init(_ settings: Settings) throws(ConfigurationError) {
    for name in try settings.list("PING") ?? [] {
      do { environments.append(try Names.environment(name)) } catch {
        throw settings.error("PING", "has \(error)", "write the names of environments, with commas between")
      }
    }
    interval = try settings.duration("PING_INTERVAL") ?? interval
    guard interval >= .seconds(1) else { throw settings.error("PING_INTERVAL", "is too short", "it wants 1s or more") }
    stateFile = try settings.path("STATE_FILE") ?? stateFile
    logsMessages = try settings.bool("LOG_MESSAGES") ?? false
    listen = try Self.listen(settings)
    try readLimits(settings)
    if let path = try settings.path("HOSTS_FILE") {
      situation.expected = try Expected.parse(try Self.text(of: path, settings), file: path)
    }
    situation.damping = try settings.damping("FLAPPING", standard: Damping())
    for rule in try settings.elements("RULES", shorthand: "name") ?? [] {
      situation.rules.append(try Rule(rule, damping: situation.damping))
    }
    try readSinks(settings)
  }

  /// These settings, without asking anybody.
  var withoutPings: BridgeSettings {
    var settings = self
    settings.environments = []
    settings.situation.limits.environments = []
    return settings
  }

  /// What each courier has to do.
  func assignments(_ logger: Logger) -> [String: Courier.Assignment] {
    Dictionary(uniqueKeysWithValues: sinks.map { ($0.name, .init(settings: $0, sink: $0.sink(logger: logger))) })
  }

  private mutating func readLimits(_ settings: Settings) throws(ConfigurationError) {
    situation.limits.environments = Set(environments)
    situation.limits.warning = try settings.duration("SILENT_WARNING") ?? situation.limits.warning
    situation.limits.critical = try settings.duration("SILENT_CRITICAL") ?? situation.limits.critical
    situation.limits.forget = try settings.duration("FORGET_AFTER") ?? situation.limits.forget
    guard situation.limits.warning > interval else {
      throw settings.error(
        "SILENT_WARNING", "is not longer than PING_INTERVAL", "give a host the time to answer at least two pings")
    }
    guard situation.limits.critical >= situation.limits.warning else {
      throw settings.error("SILENT_CRITICAL", "is shorter than SILENT_WARNING", "it wants the longer of the two times")
    }
  }

  private mutating func readSinks(_ settings: Settings) throws(ConfigurationError) {
    for entry in try settings.elements("SINKS", shorthand: "kind") ?? [] {
      let sink = try SinkSettings(entry)
      guard !sinks.contains(where: { $0.name == sink.name }) else {
        throw entry.error(
          entry.keys.contains("name") ? "name" : "kind", "is that of another sink: '\(sink.name)'",
          "give each sink a name of its own")
      }
      sinks.append(sink)
    }
    situation.sinks = sinks.map { ($0.name, $0.filter) }
  }

  private static func listen(_ settings: Settings) throws(ConfigurationError) -> (host: String, port: Int)? {
    guard let text = try settings.string("HTTP_LISTEN") else { return nil }
    let port = text.split(separator: ":").last.flatMap { Int($0) }
    let host = text.lastIndex(of: ":").map { String(text[..<$0]) } ?? "127.0.0.1"
    let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    guard let port, (0...65535).contains(port), bare.hasPrefix("127.") || bare == "::1" else {
      throw settings.error(
        "HTTP_LISTEN", "is '\(text)'", "it wants an address of this machine alone, such as 127.0.0.1:9797 or [::1]:9797"
      )
    }
    return (bare, port)
  }

  private static func text(of path: String, _ settings: Settings) throws(ConfigurationError) -> String {
    do { return String(decoding: try FileBytes.read(path, limit: 16 * 1024 * 1024), as: UTF8.self) } catch {
      throw settings.error("HOSTS_FILE", "cannot be read: \(error.reason)", "see to \(path) and its rights")
    }
  }
}
