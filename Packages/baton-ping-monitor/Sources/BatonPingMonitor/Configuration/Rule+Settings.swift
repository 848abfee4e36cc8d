import Baton

extension Rule {
  /// One entry of `RULES`.
  init(_ settings: Settings, damping: Damping) throws(ConfigurationError) {
    try settings.checkKeys([
      "name", "type", "exchange", "environment", "host", "app", "text", "severity", "count", "within", "lasts",
      "flapping", "ignore",
    ])
    ignores = try settings.bool("ignore") ?? false
    guard let name = try settings.string("name") ?? (ignores ? "ignored" : nil) else { throw settings.missing("name") }
    self.name = name
    types = try settings.patterns("type")
    exchanges = try settings.patterns("exchange")
    environments = try settings.patterns("environment")
    hosts = try settings.patterns("host")
    apps = try settings.patterns("app")
    text = try settings.string("text").map { Pattern("*\($0)*") }
    severity = try settings.choice("severity", of: Severity.self) ?? severity
    threshold.count = try settings.int("count", in: 1...1000) ?? threshold.count
    threshold.window = try settings.duration("within") ?? threshold.window
    lasts = try settings.duration("lasts") ?? lasts
    self.damping = try settings.damping("flapping", standard: damping)
  }
}
