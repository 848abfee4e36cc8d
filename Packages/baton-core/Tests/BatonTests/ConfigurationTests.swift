import AMQP
import TestSupport
import Testing

@testable import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct ConfigurationTests {
  private func load(
    _ text: String, flags: [(key: String, flag: String, value: String)] = [], environment: [String: String] = [:],
    keys: [String] = []
  ) throws -> Configuration {
    let folder = try TemporaryFolder()
    return try Configuration.load(
      file: try folder.write(text, to: "baton.cfg"), flags: flags, environment: environment, keys: keys)
  }

  /// What is said of a file that is refused, without its folder.
  private func refusal(_ text: String) throws -> String? {
    let folder = try TemporaryFolder()
    do throws(ConfigurationError) {
      _ = try Configuration.load(file: try folder.refused(text), environment: [:])
      return nil
    } catch {
      return error.description.replacing("\(folder.path)/", with: "")
    }
  }

  private func hosts(_ text: String) throws -> [String] { try load(text).hosts.map(\.description) }

  @Test("Without a word it is guest on localhost, as the gem's was")
  func defaults() throws {
    let configuration = try Configuration.load(file: nil, environment: [:])
    #expect(configuration.hosts == [Endpoint(host: "localhost", port: 5672)])
    #expect(configuration.virtualHost == "/")
    #expect(configuration.user == "guest")
    #expect(configuration.password == Secret("guest"))
    #expect(configuration.tls == nil)
    #expect(configuration.heartbeat == .seconds(10))
    #expect(configuration.durable)
    #expect(configuration.logFormat == .text)
    #expect(configuration.logLevel == .info)
    #expect([configuration.pidFile, configuration.logFile, configuration.factsFile] == [nil, nil, nil])
    #expect([configuration.environment, configuration.fqdn] == [nil, nil])
    #expect(configuration.appNames == nil)
    #expect(configuration.warnings.isEmpty)
  }

  @Test("Each key of the gem and each of ours is read")
  func everyKey() throws {
    let configuration = try load(
      """
      RABBIT_HOST: rabbit1, rabbit2:5673
      RABBIT_PORT: 5680
      RABBIT_VHOST: baton
      RABBIT_USER: agent
      RABBIT_PASS: "s3cret"
      RABBIT_HEARTBEAT: 30
      RABBIT_TLS: yes
      RABBIT_CA: /etc/ca.pem
      RABBIT_CERT: /etc/cert.pem
      RABBIT_KEY: /etc/key.pem
      RABBIT_DURABLE: false
      ENVIRONMENT: Production
      FQDN: web1.example
      APP_NAMES: [shop, blog]
      FACTS_FILE: /etc/facts.json
      PID_FILE: /run/x.pid
      LOG_FILE: /var/log/x.log
      LOG_FORMAT: json
      LOG_LEVEL: debug
      """)
    #expect(configuration.hosts.map(\.description) == ["rabbit1:5680", "rabbit2:5673"])
    #expect(configuration.virtualHost == "baton")
    #expect(configuration.user == "agent")
    #expect(configuration.password == Secret("s3cret"))
    #expect(configuration.heartbeat == .seconds(30))
    #expect(configuration.tls == TLS(authorities: "/etc/ca.pem", certificate: "/etc/cert.pem", key: "/etc/key.pem"))
    #expect(!configuration.durable)
    #expect(configuration.environment == "production")
    #expect(configuration.fqdn == "web1.example")
    #expect(configuration.appNames == ["shop", "blog"])
    #expect(configuration.factsFile == "/etc/facts.json")
    #expect(configuration.pidFile == "/run/x.pid")
    #expect(configuration.logFile == "/var/log/x.log")
    #expect(configuration.logFormat == .json)
    #expect(configuration.logLevel == .debug)
    #expect(configuration.warnings.isEmpty)
  }

  @Test("There are connections to each host, with everything that was said of the broker")
  func connections() throws {
    let configuration = try load(
      "RABBIT_HOST: localhost,127.0.0.1\nRABBIT_VHOST: v\nRABBIT_USER: u\nRABBIT_PASS: p\nRABBIT_HEARTBEAT: 5\n")
    let connections = configuration.connections(name: "baton-ping")
    #expect(connections.map(\.endpoint.host) == ["localhost", "127.0.0.1"])
    for connection in connections {
      #expect(connection.virtualHost == "v")
      #expect(connection.user == "u")
      #expect(connection.password == "p")
      #expect(connection.heartbeat == .seconds(5))
      #expect(connection.name == "baton-ping")
      #expect(connection.tls == nil)
    }
  }

  // MARK: - Hosts

  @Test(
    "Hosts are a list with commas, each once, with or without a port",
    arguments: [
      ("localhost", ["localhost:5672"]), ("\" 127.0.0.1 ,  localhost \"", ["127.0.0.1:5672", "localhost:5672"]),
      ("127.0.0.1:5673", ["127.0.0.1:5673"]), ("\"[::1]:5673\"", ["[::1]:5673"]), ("\"[::1]\"", ["[::1]:5672"]),
      ("\"::1\"", ["[::1]:5672"]), ("localhost,localhost", ["localhost:5672"]),
      ("localhost, localhost:5672", ["localhost:5672"]), ("\",,localhost,\"", ["localhost:5672"]),
      ("[localhost, \"127.0.0.1\"]", ["localhost:5672", "127.0.0.1:5672"]),
    ])
  func hosts(text: String, expected: [String]) throws {
    #expect(try hosts("RABBIT_HOST: \(text)\n") == expected)
  }

  @Test("The port is that of all hosts that have none of their own")
  func port() throws {
    #expect(try hosts("RABBIT_PORT: 5680\n") == ["localhost:5680"])
    #expect(try hosts("RABBIT_HOST: localhost,127.0.0.1:1\nRABBIT_PORT: 5680\n") == ["localhost:5680", "127.0.0.1:1"])
    #expect(try hosts("RABBIT_TLS: true\n") == ["localhost:5671"])
  }

  @Test(
    "What is no host, port or number is refused with file, line, key and what would be right",
    arguments: [
      ("\nRABBIT_PORT: 70000\n", "baton.cfg:2: RABBIT_PORT is '70000'; it wants a whole number from 1 to 65535"),
      ("RABBIT_PORT: amqp\n", "baton.cfg:1: RABBIT_PORT is 'amqp'; it wants a whole number from 1 to 65535"),
      (
        "RABBIT_HOST: a,b c\n",
        "baton.cfg:1: RABBIT_HOST is 'b c'; it wants HOST, HOST:PORT or [IPV6]:PORT, with commas between"
      ),
      (
        "RABBIT_HOST: a:70000\n",
        "baton.cfg:1: RABBIT_HOST is 'a:70000'; it wants HOST, HOST:PORT or [IPV6]:PORT, with commas between"
      ), ("RABBIT_HOST: \",,\"\n", "baton.cfg:1: RABBIT_HOST is empty; it wants at least one host"),
      ("RABBIT_HOST: {a: b}\n", "baton.cfg:1: RABBIT_HOST is a mapping; it wants a list"),
      ("RABBIT_HEARTBEAT: 0\n", "baton.cfg:1: RABBIT_HEARTBEAT is '0'; it wants a whole number from 1 to 3600"),
      ("RABBIT_TLS: maybe\n", "baton.cfg:1: RABBIT_TLS is 'maybe'; it wants true or false"),
      ("RABBIT_USER: [a]\n", "baton.cfg:1: RABBIT_USER is a list; it wants one value"),
      ("RABBIT_USER: {a: b}\n", "baton.cfg:1: RABBIT_USER is a mapping; it wants one value"),
      ("LOG_FORMAT: xml\n", "baton.cfg:1: LOG_FORMAT is 'xml'; it wants text or json"),
      ("LOG_LEVEL: loud\n", "baton.cfg:1: LOG_LEVEL is 'loud'; it wants debug or info or warning or error"),
      ("- a\n", "baton.cfg:1: it is not a list of 'KEY: value' lines; write one key a line"),
      (
        "A: 1\nA: 2\n",
        "baton.cfg:2: 'A' stands twice, first in line 1; remove one; see to the line, or to one before it"
      ),
    ])
  func refused(text: String, expected: String) throws {
    #expect(try refusal(text) == expected)
  }

  @Test("A whole address in the place of a host is refused without showing the password in it")
  func addressAsHost() throws {
    let said = try #require(try refusal("RABBIT_HOST: amqp://agent:s3cret@rabbit1\n"))
    #expect(!said.contains("s3cret"))
    #expect(said.contains("RABBIT_URL"))
  }

  @Test(
    "Names that are none are refused", arguments: ["ENVIRONMENT: ../x\n", "FQDN: a b\n", "APP_NAMES: shop,-rf\n"])
  func names(text: String) throws {
    let said = try #require(try refusal(text))
    #expect(said.hasPrefix("baton.cfg:1: \(text.prefix { $0 != ":" }) is "), "\(said)")
  }

  // MARK: - URL

  @Test("An address gives host, user, password and virtual host")
  func url() throws {
    let configuration = try load("RABBIT_URL: amqps://agent:p%40ss@rabbit1:5680/baton\n")
    #expect(configuration.hosts.map(\.description) == ["rabbit1:5680"])
    #expect(configuration.user == "agent")
    #expect(configuration.password == Secret("p@ss"))
    #expect(configuration.virtualHost == "baton")
    #expect(configuration.tls == TLS(authorities: "/etc/ssl/certs/ca-certificates.crt"))
  }

  @Test("A key of its own goes before its part of the address")
  func urlAndKeys() throws {
    let configuration = try load(
      """
      RABBIT_URL: amqps://agent:pass@rabbit1/baton
      RABBIT_HOST: rabbit2
      RABBIT_USER: other
      RABBIT_PASS: word
      RABBIT_VHOST: v
      RABBIT_CA: /ca.pem
      """)
    #expect(configuration.hosts.map(\.description) == ["rabbit2:5671"])
    #expect(configuration.user == "other")
    #expect(configuration.password == Secret("word"))
    #expect(configuration.virtualHost == "v")
    #expect(configuration.tls?.authorities == "/ca.pem")
  }

  @Test("A bad address is refused without showing it")
  func badURL() throws {
    let said = try #require(try refusal("RABBIT_URL: amqp://agent:s3cret@rabbit1:x\n"))
    #expect(said.hasPrefix("baton.cfg:1: RABBIT_URL is not the address of a broker; it wants amqp://USER:PASSWORD@"))
    #expect(!said.contains("s3cret"))
  }

  // MARK: - Precedence

  @Test("A flag goes before the environment, that before the file, that before the default")
  func precedence() throws {
    let file = "RABBIT_USER: of-file\nRABBIT_VHOST: of-file\nENVIRONMENT: of-file\n"
    let configuration = try load(
      file, flags: [("RABBIT_USER", "--user", "of-flag")],
      environment: ["BATON_RABBIT_USER": "of-env", "BATON_RABBIT_VHOST": "of-env", "RABBIT_HOST": "not-for-us"])
    #expect(configuration.user == "of-flag")
    #expect(configuration.virtualHost == "of-env")
    #expect(configuration.environment == "of-file")
    let settings = configuration.settings
    #expect(settings.origin(of: "RABBIT_USER") == .flag("--user"))
    #expect(settings.origin(of: "RABBIT_VHOST") == .environment("BATON_RABBIT_VHOST"))
    #expect(settings.origin(of: "ENVIRONMENT") == .file(try #require(settings.file), line: 3))
    #expect(settings.origin(of: "RABBIT_HOST") == .standard)
    #expect(
      ["RABBIT_USER", "RABBIT_VHOST", "RABBIT_HOST"].map { settings.origin(of: $0).description } == [
        "--user", "environment variable BATON_RABBIT_VHOST", "default",
      ])
  }

  @Test("An empty value counts as absent, wherever it stands")
  func emptyValues() throws {
    let configuration = try load(
      "RABBIT_VHOST:\nRABBIT_USER: \"\"\nRABBIT_PORT:\nRABBIT_HEARTBEAT: 5\nENVIRONMENT: of-file\n",
      flags: [("ENVIRONMENT", "--environment", "")], environment: ["BATON_RABBIT_HEARTBEAT": ""])
    #expect(configuration.virtualHost == "/")
    #expect(configuration.user == "guest")
    #expect(configuration.hosts == [Endpoint(host: "localhost", port: 5672)])
    #expect(configuration.heartbeat == .seconds(5))
    #expect(configuration.environment == "of-file")
    #expect(configuration.settings.origin(of: "RABBIT_VHOST") == .standard)
  }

  @Test("A mistake in the environment names the variable")
  func badVariable() throws {
    #expect(
      throws: ConfigurationError(
        place: "environment variable BATON_RABBIT_PORT", problem: "RABBIT_PORT is '0'",
        remedy: "it wants a whole number from 1 to 65535")
    ) { try Configuration.load(file: nil, environment: ["BATON_RABBIT_PORT": "0"]) }
  }

  @Test("A relative path is of the folder that the program was started in")
  func paths() throws {
    #expect(try load("PID_FILE: x.pid\n").pidFile == "\(FileBytes.currentFolder)/x.pid")
  }

  // MARK: - Warnings

  @Test("A key that nobody knows is warned of, with the one that it may be meant for")
  func unknownKeys() throws {
    let configuration = try load(
      "RABIT_HOST: a\nCOLOUR: red\nQUEUE: q\n", environment: ["BATON_OTHER": "x"], keys: ["QUEUE"])
    #expect(
      configuration.warnings.map { $0.drop { $0 != ":" } } == [
        ":2: nobody here knows the key COLOUR", ":1: nobody here knows the key RABIT_HOST; is it RABBIT_HOST?",
      ])
  }

  @Test("Without a file it says which it looked for, unless it was told of the broker in another way")
  func noFile() throws {
    let missing = "/nonexistent/baton.cfg"
    #expect(
      try Configuration.load(file: nil, standardFiles: [missing], environment: [:]).warnings == [
        "no configuration file /nonexistent/baton.cfg: guest on localhost:5672"
      ])
    let told = try Configuration.load(
      file: nil, standardFiles: [missing], environment: ["BATON_RABBIT_HOST": "localhost"])
    #expect(told.warnings.isEmpty)
  }

  @Test("Of several standard places the first that is there is read")
  func standardFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write("RABBIT_USER: second\n", to: "second.cfg")
    try folder.write("RABBIT_USER: third\n", to: "third.cfg")
    let files = ["first.cfg", "second.cfg", "third.cfg"].map(folder.path)
    let configuration = try Configuration.load(file: nil, standardFiles: files, environment: [:])
    #expect(configuration.user == "second")
    #expect(configuration.settings.file == folder.path("second.cfg"))
  }

  // MARK: - Plain AMQP

  @Test("Plain AMQP off this machine is refused with the exact lines that help")
  func plainOffLoopback() throws {
    #expect(
      try refusal("RABBIT_HOST: localhost,rabbit1\n")
        == "baton.cfg:1: rabbit1:5672 is not on this machine, and TLS is off; set 'RABBIT_TLS: true', or accept that "
        + "password and messages are readable on the way with the line 'RABBIT_INSECURE: true'")
    #expect(
      try refusal("\nRABBIT_URL: amqp://rabbit1\n")?.hasPrefix("baton.cfg:2: rabbit1:5672 is not on this") == true)
    #expect(try refusal("RABBIT_HOST: rabbit1\nRABBIT_INSECURE: no\n") != nil)
    #expect(try refusal("RABBIT_HOST: 127.0.0.1.example\n") != nil)
  }

  @Test("Where it is permitted it is warned of at each start")
  func insecure() throws {
    let configuration = try load("RABBIT_HOST: rabbit1\nRABBIT_INSECURE: true\n")
    #expect(
      configuration.warnings == [
        "RABBIT_INSECURE is set: password and messages to rabbit1:5672 are readable on the way"
      ])
    #expect(try load("RABBIT_HOST: \"Localhost,127.0.0.2,::1\"\nRABBIT_INSECURE: true\n").warnings.isEmpty)
  }
}

extension TemporaryFolder {
  /// Writes a configuration whose reading is expected to fail with nothing but a `ConfigurationError`.
  fileprivate func refused(_ text: String) throws(ConfigurationError) -> String {
    do { return try write(text, to: "baton.cfg") } catch {
      throw ConfigurationError(place: path, problem: "\(error)", remedy: "")
    }
  }
}
