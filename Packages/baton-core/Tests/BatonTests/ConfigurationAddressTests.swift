import AMQP
import Testing

@testable import Baton

/// Where the broker is, and how it may be reached.
struct ConfigurationAddressTests {
  private func hosts(_ text: String) throws -> [String] { try Configuration.of(text).hosts.map(\.description) }

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
    #expect(try Configuration.refusal(of: text) == expected)
  }

  @Test("A whole address in the place of a host is refused without showing the password in it")
  func addressAsHost() throws {
    let said = try #require(try Configuration.refusal(of: "RABBIT_HOST: amqp://agent:s3cret@rabbit1\n"))
    #expect(!said.contains("s3cret"))
    #expect(said.contains("RABBIT_URL"))
  }

  @Test(
    "Names that are none are refused", arguments: ["ENVIRONMENT: ../x\n", "FQDN: a b\n", "APP_NAMES: shop,-rf\n"])
  func names(text: String) throws {
    let said = try #require(try Configuration.refusal(of: text))
    #expect(said.hasPrefix("baton.cfg:1: \(text.prefix { $0 != ":" }) is "), "\(said)")
  }

  // MARK: - URL

  @Test("An address gives host, user, password and virtual host")
  func url() throws {
    let configuration = try Configuration.of("RABBIT_URL: amqps://agent:p%40ss@rabbit1:5680/baton\n")
    #expect(configuration.hosts.map(\.description) == ["rabbit1:5680"])
    #expect(configuration.user == "agent")
    #expect(configuration.password == Secret("p@ss"))
    #expect(configuration.virtualHost == "baton")
    #expect(configuration.tls == TLS(authorities: "/etc/ssl/certs/ca-certificates.crt"))
  }

  @Test("A key of its own goes before its part of the address")
  func urlAndKeys() throws {
    let configuration = try Configuration.of(
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
    let said = try #require(try Configuration.refusal(of: "RABBIT_URL: amqp://agent:s3cret@rabbit1:x\n"))
    #expect(said.hasPrefix("baton.cfg:1: RABBIT_URL is not the address of a broker; it wants amqp://USER:PASSWORD@"))
    #expect(!said.contains("s3cret"))
  }

  // MARK: - Plain AMQP

  @Test("Plain AMQP off this machine is refused with the exact lines that help")
  func plainOffLoopback() throws {
    #expect(
      try Configuration.refusal(of: "RABBIT_HOST: localhost,rabbit1\n")
        == "baton.cfg:1: rabbit1:5672 is not on this machine, and TLS is off; set 'RABBIT_TLS: true', or accept that "
        + "password and messages are readable on the way with the line 'RABBIT_INSECURE: true'")
    #expect(
      try Configuration.refusal(of: "\nRABBIT_URL: amqp://rabbit1\n")?.hasPrefix(
        "baton.cfg:2: rabbit1:5672 is not on this") == true)
    #expect(try Configuration.refusal(of: "RABBIT_HOST: rabbit1\nRABBIT_INSECURE: no\n") != nil)
    #expect(try Configuration.refusal(of: "RABBIT_HOST: 127.0.0.1.example\n") != nil)
  }

  @Test("Where it is permitted it is warned of at each start")
  func insecure() throws {
    let configuration = try Configuration.of("RABBIT_HOST: rabbit1\nRABBIT_INSECURE: true\n")
    #expect(
      configuration.warnings == [
        "RABBIT_INSECURE is set: password and messages to rabbit1:5672 are readable on the way"
      ])
    #expect(try Configuration.of("RABBIT_HOST: \"Localhost,127.0.0.2,::1\"\nRABBIT_INSECURE: true\n").warnings.isEmpty)
  }
}
