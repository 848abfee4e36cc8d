import AMQP
import Testing

@testable import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct ConfigurationTests {
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
    let configuration = try Configuration.of(
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
    let configuration = try Configuration.of(
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

  // MARK: - Precedence

  @Test("A flag goes before the environment, that before the file, that before the default")
  func precedence() throws {
    let file = "RABBIT_USER: of-file\nRABBIT_VHOST: of-file\nENVIRONMENT: of-file\n"
    let configuration = try Configuration.of(
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
    let configuration = try Configuration.of(
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
    #expect(try Configuration.of("PID_FILE: x.pid\n").pidFile == "\(FileBytes.startFolder)/x.pid")
  }
}
