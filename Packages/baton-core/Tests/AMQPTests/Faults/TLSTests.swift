import AMQP
import BatonFaults
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What TLS refuses, and in which words; and that what it accepts works.
@Suite(.timeLimit(.minutes(1)))
struct TLSTests {
  private func options(
    _ port: Int, host: String = "localhost", ca: String = "ca", client: String? = nil
  ) throws -> ConnectionOptions {
    var options = ConnectionOptions(endpoint: .init(host: host, port: port))
    options.tls = TLS(
      authorities: try TLSServer.file(ca), certificate: try client.map { try TLSServer.file($0) },
      key: try client.map { try TLSServer.file("\($0)-key") })
    return options
  }

  private func refusal(_ options: ConnectionOptions) async throws -> AMQPError {
    let (error, time) = try await failure { _ = try await Connection.open(options) }
    #expect(time < options.connectTimeout + .seconds(1))
    return error
  }

  @Test("A good certificate is taken, with TLS 1.2 and 1.3", arguments: ["-tls1_2", "-tls1_3"])
  func good(version: String) async throws {
    let server = try TLSServer(version)
    let error = try await refusal(try options(server.port))
    // It is no broker: what fails is what comes after TLS.
    #expect(error.code == .timedOut, "\(error)")
  }

  @Test("A certificate that names an address alone is good for it")
  func address() async throws {
    let server = try TLSServer(certificate: "address")
    #expect(try await refusal(try options(server.port, host: "127.0.0.1")).code == .timedOut)
    let error = try await refusal(try options(server.port))
    #expect(error.code == .tlsRefused && error.reason.contains("hostname mismatch"), "\(error)")
  }

  @Test(
    "A certificate that is not good is refused, and it is said why",
    arguments: [
      ("server", "other-ca", "its authority is not in /"), ("expired", "ca", "certificate has expired"),
      ("wrong-name", "ca", "hostname mismatch"),
    ])
  func bad(certificate: String, ca: String, words: String) async throws {
    let server = try TLSServer(certificate: certificate)
    let error = try await refusal(try options(server.port, ca: ca))
    #expect(error.code == .tlsRefused && error.reason.contains(words), "\(error)")
  }

  @Test("A server that speaks no newer TLS than 1.1 is refused")
  func oldVersion() async throws {
    let server = try TLSServer("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
    let error = try await refusal(try options(server.port))
    #expect(error.code == .tlsRefused && error.reason.contains("version"), "\(error)")
    #expect(error.reason.contains("TLS 1.2"))
  }

  @Test("A plaintext port is refused")
  func plaintext() async throws {
    let broker = try FakeBroker { client in
      _ = try? client.greeting()
      try client.send(bytes: "AMQP".utf8 + [0, 0, 9, 1])
    }
    let error = try await refusal(try options(broker.port))
    #expect(error.code == .tlsRefused && error.reason.contains("is it a TLS port"), "\(error)")
    try await broker.close()
  }

  @Test("A server that falls silent before its part of the handshake")
  func silent() async throws {
    let server = try FakeBroker { try $0.silence() }
    #expect(try await refusal(try options(server.port)).reason == "no answer in time")
    try await server.close()
  }

  @Test("A server that wants a client certificate gets it", arguments: ["-tls1_2", "-tls1_3"])
  func clientCertificate(version: String) async throws {
    let ca = try TLSServer.file("ca")
    let server = try TLSServer(certificate: "server", version, "-CAfile", ca, "-Verify", "1", "-verify_return_error")
    #expect(try await refusal(try options(server.port, client: "client")).code == .timedOut)
    for client in [nil, "other-client"] {
      let error = try await refusal(try options(server.port, client: client))
      #expect(error.code == .tlsRefused && error.reason.contains("client certificate"), "\(error)")
    }
  }

  @Test("Files that are not there are named")
  func missingFiles() async throws {
    var options = try options(1)
    options.tls = TLS(authorities: "/nowhere/ca.pem")
    #expect(try await refusal(options).reason.contains("/nowhere/ca.pem"))
    options.tls = TLS(
      authorities: try TLSServer.file("ca"), certificate: try TLSServer.file("client"), key: "/nowhere/key")
    #expect(try await refusal(options).reason.contains("/nowhere/key"))
  }

  // MARK: - On a real broker

  /// Of a private RabbitMQ that was started with `--tls`, and the folder of its certificates.
  static let realBroker: (port: Int, certificates: String)? = {
    guard let port = getenv("BROKER_TLS_PORT").flatMap({ Int(String(cString: $0)) }),
      let folder = getenv("BROKER_CERTIFICATES")
    else { return nil }
    return (port, String(cString: folder))
  }()

  @Test(
    "Large messages go to RabbitMQ and back through TLS", .enabled(if: realBroker != nil), arguments: [true, false])
  func rabbitMQ(withClientCertificate: Bool) async throws {
    let (port, folder) = try #require(Self.realBroker)
    var options = ConnectionOptions(endpoint: .init(host: "localhost", port: port))
    options.tls = TLS(
      authorities: "\(folder)/ca.pem", certificate: withClientCertificate ? "\(folder)/client.pem" : nil,
      key: withClientCertificate ? "\(folder)/client-key.pem" : nil)
    let connection = try await Connection.open(options)
    let channel = try await connection.channel()
    let queue = try #require(try await channel.perform([.confirmSelect, .declareQueue(.serverNamed)]).first?.name)
    let messages = (0..<20).map { number in
      Publishing(exchange: "", routingKey: queue, body: [UInt8](repeating: UInt8(number), count: 50_000 * number))
    }
    #expect(try await channel.publish(messages).allSatisfy { $0 == .accepted })
    var deliveries = try await channel.consume(queue).deliveries.makeAsyncIterator()
    var bodies: [[UInt8]] = []
    while bodies.count < 20 { bodies += try #require(try await deliveries.next()).map(\.body) }
    #expect(bodies == messages.map(\.body))
    await connection.close()
  }
}
