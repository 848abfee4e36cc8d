public import AMQP

/// Everything that a program of baton is told from outside, read once at its start and passed down.
public struct Configuration: Sendable {
  /// The brokers to try, each once.
  public var hosts: [Endpoint] = [Endpoint(host: "localhost", port: 5672)]
  public var virtualHost = "/"
  public var user = "guest"
  public var password = Secret("guest")
  public var tls: TLS?
  public var heartbeat: Duration = .seconds(10)
  /// How exchanges and queues are declared where they are missing; false while peers of the Ruby gem remain.
  public var durable = true
  public var pidFile: String?
  public var logFile: String?
  public var logFormat: Logger.Format = .text
  public var logLevel: Logger.Level = .info
  /// What the file says of this host; nil leaves it to the facts.
  public var environment: String?
  public var fqdn: String?
  public var appNames: [String]?
  public var factsFile: String?
  /// Where each value stands, and the keys of extensions.
  public let settings: Settings
  /// What a person should know, though it stops nothing.
  public internal(set) var warnings: [String] = []

  /// The keys that every program of baton knows.
  public static let keys = [
    "RABBIT_HOST", "RABBIT_PORT", "RABBIT_VHOST", "RABBIT_USER", "RABBIT_PASS", "RABBIT_PASS_FILE", "RABBIT_HEARTBEAT",
    "RABBIT_URL", "RABBIT_TLS", "RABBIT_CA", "RABBIT_CERT", "RABBIT_KEY", "RABBIT_DURABLE", "RABBIT_INSECURE",
    "ENVIRONMENT", "FQDN", "APP_NAMES", "FACTS_FILE", "PID_FILE", "LOG_FILE", "LOG_FORMAT", "LOG_LEVEL",
  ]

  /// - Parameter extensionKeys: those that the program knows beside ``keys``; any other is warned of.
  public init(_ settings: Settings, keys extensionKeys: [String] = []) throws(ConfigurationError) {
    self.settings = settings
    try readBroker()
    try readHost()
    pidFile = try settings.path("PID_FILE")
    logFile = try settings.path("LOG_FILE")
    logFormat = try settings.choice("LOG_FORMAT", of: Logger.Format.self) ?? logFormat
    logLevel = try settings.choice("LOG_LEVEL", of: Logger.Level.Name.self)?.level ?? logLevel
    warnOfUnknownKeys(known: Self.keys + extensionKeys)
  }

  /// The options to connect with, one for each host; `name` is what RabbitMQ shows for the connection.
  public func connections(name: String) -> [ConnectionOptions] {
    hosts.map { endpoint in
      var options = ConnectionOptions(endpoint: endpoint)
      options.virtualHost = virtualHost
      options.user = user
      options.password = password.value
      options.name = name
      options.tls = tls
      options.heartbeat = heartbeat
      return options
    }
  }

  // MARK: - Broker

  private mutating func readBroker() throws(ConfigurationError) {
    if let text = try settings.string("RABBIT_URL") { try read(url: text) }
    if try settings.bool("RABBIT_TLS") ?? (tls != nil) {
      tls = TLS(
        authorities: try settings.path("RABBIT_CA") ?? "/etc/ssl/certs/ca-certificates.crt",
        certificate: try settings.path("RABBIT_CERT"), key: try settings.path("RABBIT_KEY"))
    } else {
      tls = nil
    }
    try readHosts()
    virtualHost = try settings.string("RABBIT_VHOST") ?? virtualHost
    user = try settings.string("RABBIT_USER") ?? user
    if let text = try settings.string("RABBIT_PASS") { password = Secret(text) }
    if let path = try settings.path("RABBIT_PASS_FILE") { password = try Secret(file: path, settings: settings) }
    if let seconds = try settings.int("RABBIT_HEARTBEAT", in: 1...3600) { heartbeat = .seconds(seconds) }
    durable = try settings.bool("RABBIT_DURABLE") ?? durable
    try checkThatPlainIsPermitted()
  }

  private mutating func read(url text: String) throws(ConfigurationError) {
    guard let url = BrokerURL(text) else {
      throw ConfigurationError(
        place: "\(settings.origin(of: "RABBIT_URL"))", problem: "RABBIT_URL is not the address of a broker",
        remedy: "it wants amqp://USER:PASSWORD@HOST:PORT/VHOST, or amqps:// for TLS, with special characters as %XX")
    }
    hosts = [url.endpoint]
    virtualHost = url.virtualHost ?? virtualHost
    user = url.user ?? user
    password = url.password ?? password
    if url.isTLS { tls = TLS(authorities: "") }
  }

  private mutating func readHosts() throws(ConfigurationError) {
    let standardPort = tls == nil ? 5672 : 5671
    let port = try settings.int("RABBIT_PORT", in: 1...65535)
    guard let text = try settings.list("RABBIT_HOST") else {
      if try settings.string("RABBIT_URL") == nil { hosts = [Endpoint(host: "localhost", port: port ?? standardPort)] }
      return
    }
    var found: [Endpoint] = []
    for word in text {
      guard let endpoint = Endpoint(word, standardPort: port ?? standardPort) else {
        guard !word.contains("@") else {
          // Not shown: there may be a password in it.
          throw settings.error("RABBIT_HOST", is: "an address with a user", wants: "hosts alone; set RABBIT_URL to it")
        }
        throw settings.error(
          "RABBIT_HOST", is: "'\(word)'", wants: "HOST, HOST:PORT or [IPV6]:PORT, with commas between")
      }
      if !found.contains(endpoint) { found.append(endpoint) }
    }
    guard !found.isEmpty else { throw settings.error("RABBIT_HOST", is: "empty", wants: "at least one host") }
    hosts = found
  }

  /// Plain AMQP shows the password to everybody on the way.
  private mutating func checkThatPlainIsPermitted() throws(ConfigurationError) {
    guard tls == nil, let remote = hosts.first(where: { !$0.isLoopback }) else { return }
    let isPermitted = try settings.bool("RABBIT_INSECURE") ?? false
    guard isPermitted else {
      let key = settings.origin(of: "RABBIT_HOST") == .standard ? "RABBIT_URL" : "RABBIT_HOST"
      throw ConfigurationError(
        place: "\(settings.origin(of: key))", problem: "\(remote) is not on this machine, and TLS is off",
        remedy: "set 'RABBIT_TLS: true', or accept that password and messages are readable on the way with the line "
          + "'RABBIT_INSECURE: true'")
    }
    warnings.append("RABBIT_INSECURE is set: password and messages to \(remote) are readable on the way")
  }

  // MARK: - This host

  private mutating func readHost() throws(ConfigurationError) {
    factsFile = try settings.path("FACTS_FILE")
    environment = try settings.name("ENVIRONMENT", Names.environment)
    fqdn = try settings.name("FQDN", Names.host)
    guard let names = try settings.list("APP_NAMES") else { return }
    var checked: [String] = []
    for name in names {
      do { checked.append(try Names.app(name)) } catch {
        throw settings.error("APP_NAMES", is: error.description, wants: "names with commas between")
      }
    }
    appNames = checked
  }

  private mutating func warnOfUnknownKeys(known: [String]) {
    for key in settings.keys where !known.contains(key) {
      // Variables of the environment may be for another program of baton.
      guard case .file = settings.origin(of: key) else { continue }
      let near = known.min { $0.distance(to: key) < $1.distance(to: key) }.flatMap {
        $0.distance(to: key) <= 2 ? $0 : nil
      }
      let hint = near.map { "; is it \($0)?" } ?? ""
      warnings.append("\(settings.origin(of: key)): nobody here knows the key \(key)\(hint)")
    }
  }
}

extension Logger.Level {
  /// As it is written in a configuration.
  enum Name: String, CaseIterable {
    case debug, info, warning, error

    var level: Logger.Level {
      switch self {
      case .debug: .debug
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
    }
  }
}

extension Settings {
  fileprivate func name(
    _ key: String, _ check: (String) throws(InvalidName) -> String
  ) throws(ConfigurationError) -> String? {
    guard let text = try string(key) else { return nil }
    do { return try check(text) } catch {
      throw ConfigurationError(place: "\(origin(of: key))", problem: "\(key) is not usable", remedy: error.description)
    }
  }
}

extension String {
  /// How many letters have to be changed, put in or left out (Levenshtein).
  package func distance(to other: String) -> Int {
    let right = Array(other)
    var row = Array(0...right.count)
    for (i, a) in self.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let above = row[j + 1]
        row[j + 1] = a == b ? diagonal : Swift.min(diagonal, above, row[j]) + 1
        diagonal = above
      }
    }
    return row[right.count]
  }
}
