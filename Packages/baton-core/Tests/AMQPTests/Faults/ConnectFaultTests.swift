import AMQP
import BatonFaults
import CSlowResolver
import Testing

/// Every way in which opening a connection can hang ends in time, and says where.
@Suite(.timeLimit(.minutes(1)))
struct ConnectFaultTests {
  private static let timeout: Duration = .milliseconds(700)

  private func refusal(at port: Int, host: String = "127.0.0.1") async throws -> AMQPError {
    var options = ConnectionOptions.local(port, connectTimeout: Self.timeout)
    options.endpoint.host = host
    let (error, time) = try await failure { _ = try await Connection.open(options) }
    #expect(time < .seconds(12))
    #expect("\(error)".contains("connect to \(host):\(port)"))
    return error
  }

  @Test("A host that drops every packet")
  func deafPort() async throws {
    let port = try DeafPort()
    let error = try await refusal(at: port.port)
    #expect(error.code == .unreachable && error.reason == "no answer in time")
  }

  enum Step: CaseIterable {
    case accept, start, tune
  }

  @Test("A broker that falls silent after each step of the handshake", arguments: Step.allCases)
  func silence(after step: Step) async throws {
    let broker = try FakeBroker { client in
      switch step {
      case .accept: break
      case .start: try client.start()
      case .tune:
        try client.start()
        try client.tune()
      }
      try client.silence()
    }
    let error = try await refusal(at: broker.port)
    #expect(error.code == .timedOut && error.reason.hasPrefix("no handshake within 0.7 seconds"))
    try await broker.close()
    #expect(broker.surprises.isEmpty)
  }

  @Test("A black hole that takes everything and says nothing")
  func blackHole() async throws {
    let proxy = try FaultProxy(to: 9)
    proxy.fault = .blackHole
    #expect(try await refusal(at: proxy.port).code == .timedOut)
  }

  @Test("A broker that begins, one byte in a while")
  func trickle() async throws {
    let broker = try FakeBroker { client in
      try client.handshake()
      try client.replyForEver()
    }
    let proxy = try FaultProxy(to: broker.port)
    proxy.fault = .throttle(bytesPerSecond: 20)
    #expect(try await refusal(at: proxy.port).code == .timedOut)
  }

  @Test("Nobody listens")
  func refused() async throws {
    // A port of its own, once closed, could be another test's by now.
    let error = try await refusal(at: 1)
    #expect(error.code == .unreachable)
    #expect(error.reason.lowercased().hasPrefix("connection refused"))
  }

  @Test("A name server that does not answer; what it says too late opens nothing that stays open")
  func resolver() async throws {
    let last = Promise<MethodID?>()
    let broker = try FakeBroker { client in
      do {
        try client.handshake()
        last.succeed(try client.receive().methodID)
      } catch {
        last.succeed(nil)
      }
    }
    let error = try await refusal(at: broker.port, host: "slow.test")
    #expect(error.code == .timedOut && error.reason.contains("name server"))
    slow_resolver_answer()
    // In good order, or in the middle of the handshake, since its time is over.
    #expect([nil, .connectionClose].contains(try await last.value))
  }

  @Test("A cancelled opening ends at once")
  func cancelled() async throws {
    let broker = try FakeBroker { try $0.silence() }
    let opening = Task { try await Connection.open(.local(broker.port, connectTimeout: .seconds(20))) }
    while broker.connections == 0 { await Task.yield() }
    opening.cancel()
    await #expect(throws: CancellationError.self) { try await opening.value }
  }

  // MARK: - Refusals

  @Test(
    "Close during negotiation, as in maintenance mode: the broker's own words are told",
    arguments: [
      (320, "CONNECTION_FORCED - broker is in maintenance mode"), (403, "ACCESS_REFUSED - Login was refused"),
      (530, "NOT_ALLOWED - vhost 'x' not found"), (541, "INTERNAL_ERROR"),
    ] as [(UInt16, String)])
  func closes(code: UInt16, reason: String) async throws {
    let broker = try FakeBroker { client in
      try client.start()
      // A wrong password is refused here, the others once it knows the virtual host.
      if code != 403 {
        try client.tune()
        try client.expect(.connectionTuneOK)
        try client.expect(.connectionOpen)
      }
      try client.closeConnection(code, reason)
      try client.silence()
    }
    let error = try await refusal(at: broker.port)
    #expect(error.code == .init(rawValue: Int(code)) && error.reason == reason)
  }

  @Test("A broker that hangs up in the middle of the handshake", arguments: Step.allCases)
  func hangsUp(after step: Step) async throws {
    let broker = try FakeBroker { client in
      switch step {
      case .accept: try client.greeting()
      case .start: try client.start()
      case .tune:
        try client.start()
        try client.tune()
      }
      client.reset()
    }
    #expect(try await refusal(at: broker.port).code == .unreachable)
  }

  @Test("What is no AMQP at all")
  func notAMQP() async throws {
    let server = try FakeBroker { client in
      try client.greeting()
      try client.send(bytes: "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".utf8)
    }
    #expect(try await refusal(at: server.port).code == .unreachable)
  }

  @Test("Properties of the broker that are nested as deep as a frame can hold them")
  func deepProperties() async throws {
    let broker = try FakeBroker { client in
      try client.start(rawProperties: deepTable(levels: 5000))
      try client.tune()
      try client.open()
      try client.replyForEver()
    }
    let connection = try await Connection.open(.local(broker.port))
    _ = try await connection.channel()
  }
}
