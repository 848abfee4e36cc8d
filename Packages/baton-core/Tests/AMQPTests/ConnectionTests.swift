import BatonFaults
import TestSupport
import Testing

@testable import AMQP

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite(.enabled(if: RealBroker.isThere, "needs BATON_RABBIT_PORT"), .timeLimit(.minutes(1)))
struct ConnectionTests {
  /// What opening a connection throws.
  private func refusal(_ change: (inout ConnectionOptions) -> Void) async -> AMQPError? {
    var options = RealBroker.options
    change(&options)
    do {
      _ = try await Connection.open(options)
      return nil
    } catch {
      return error as? AMQPError
    }
  }

  @Test("A wrong password is refused in the broker's words")
  func password() async {
    let error = await refusal { $0.password = "wrong" }
    #expect(error?.code == .accessRefused)
    #expect(error?.action == "connect to \(RealBroker.options.endpoint)")
    #expect(error?.reason.hasPrefix("ACCESS_REFUSED") == true)
    #expect(error?.description.contains("wrong") == false)
  }

  @Test("A virtual host that is not there is refused")
  func virtualHost() async {
    let error = await refusal { $0.virtualHost = "nowhere" }
    #expect(error?.code == .notAllowed)
    #expect(error?.reason.contains("nowhere") == true)
  }

  @Test("A port where nobody listens is told as such")
  func unreachable() async {
    let error = await refusal { $0.endpoint.port = 1 }
    #expect(
      error
        == AMQPError(
          .unreachable, "connection refused, or no way to the host; does RabbitMQ listen there?",
          while: "connect to 127.0.0.1:1"))
  }

  @Test("A listener that never speaks is given up in time")
  func silent() async throws {
    let listener = try SilentListener()
    let error = await refusal {
      $0.endpoint.port = listener.port
      $0.connectTimeout = .milliseconds(100)
    }
    #expect(error?.code == .timedOut)
    #expect(error?.reason.contains("is it an AMQP port") == true)
  }

  @Test("TLS to a plain port, and authorities that are not there, are told as such")
  func tls() async {
    #expect(await refusal { $0.tls = TLS(authorities: "/etc/ssl/certs/ca-certificates.crt") }?.code == .tlsRefused)
    let error = await refusal { $0.tls = TLS(authorities: "/nonexistent.pem") }
    #expect(error?.code == .tlsRefused)
    #expect(error?.reason == "cannot read the authorities in /nonexistent.pem")
  }

  @Test("Closed from this side, it ends what hangs on it, and takes nothing more")
  func close() async throws {
    let connection = try await Connection.open(RealBroker.options)
    let channel = try await connection.channel()
    let queue = try await channel.perform([.declareQueue(.serverNamed)])[0].name
    let deliveries = try await channel.consume(queue).deliveries
    async let end = connection.waitForEnd()
    await connection.close()
    #expect(try await end.code == .closed)
    await #expect { try await deliveries.first(1) } throws: { AMQPError.Code.closed ~= $0 }
    await #expect { try await channel.perform([.prefetch(1)]) } throws: { AMQPError.Code.closed ~= $0 }
    await #expect { try await connection.channel() } throws: { AMQPError.Code.closed ~= $0 }
    await connection.close()
  }

  @Test("One that nobody holds any more is closed: what it had not settled goes to somebody else")
  func dropped() async throws {
    let queue = RealBroker.unique("queue")
    let (other, _) = try await RealBroker.channelAndQueue()
    try await other.perform([.declareQueue(QueueDeclaration(queue))])
    func takeAndDrop() async throws {
      let channel = try await Connection.open(RealBroker.options).channel()
      let (_, deliveries) = try await channel.consume(queue)
      _ = try await other.publish([Publishing(to: queue, [7])])
      #expect(try await deliveries.first(1).first?.redelivered == false)
      withExtendedLifetime(channel) {}
    }
    try await takeAndDrop()
    let (_, deliveries) = try await other.consume(queue)
    let delivery = try #require(try await deliveries.first(1).first)
    #expect(delivery.redelivered)
    #expect(delivery.body == [7])
    try await other.perform([.deleteQueue(queue)])
  }

  @Test("An error that ends the connection ends everything on it with the broker's words")
  func connectionError() async throws {
    let connection = try await Connection.open(RealBroker.options)
    let channel = try await connection.channel()
    let queue = try await channel.perform([.declareQueue(.serverNamed)])[0].name
    let deliveries = try await channel.consume(queue).deliveries
    let invalid = AMQPError.Code(rawValue: 503)
    await #expect { try await connection.channel().perform([.declareExchange(.init("x", type: "nonsense"))]) } throws: {
      invalid ~= $0
    }
    await #expect { try await deliveries.first(1) } throws: { invalid ~= $0 }
    let end = try await connection.waitForEnd()
    #expect(end.code == invalid)
    #expect(end.reason.contains("nonsense"))
    await #expect { try await connection.channel() } throws: { invalid ~= $0 }
  }

  @Test("Heartbeats go on while a handler is at work for longer than the broker would wait for them")
  func heartbeats() async throws {
    let proxy = try FaultProxy(to: RealBroker.options.endpoint.port)
    let channel = try await Connection.open(.local(proxy.port, heartbeat: .seconds(1))).channel()
    let queue = try await channel.perform([.confirmSelect, .declareQueue(.serverNamed)])[0].name
    let (_, deliveries) = try await channel.consume(queue)
    _ = try await channel.publish([Publishing(to: queue, [1])])
    let delivery = try #require(try await deliveries.first(1).first)
    // The broker gives a silent peer up after two heartbeats; this one is heard eight times, each half a heartbeat after the last.
    let before = proxy.counts.bytesToBroker
    _ = try await proxy.counts { $0.bytesToBroker >= before + 8 * Frame.heartbeat.bytes.count }
    channel.settle(delivery.tag, .acknowledge)
    #expect(try await channel.publish([Publishing(to: queue, [2])]) == [.accepted])
    #expect(try await deliveries.first(1).first?.body == [2])
  }

  @Test("Many channels may be open, and the number of one that has gone is used again")
  func channels() async throws {
    let connection = try await Connection.open(RealBroker.options)
    for _ in 0..<3 {
      var channels: [Channel] = []
      for _ in 0..<50 { channels.append(try await connection.channel()) }
      for channel in channels { try await channel.perform([.prefetch(1)]) }
    }
  }

  @Test("A channel that is dropped while the broker closes it leaves its number to the next")
  func crossingClose() async throws {
    let connection = try await Connection.open(RealBroker.options)
    await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<16 {
        group.addTask {
          for _ in 0..<100 {
            let channel = try await connection.channel()
            // Refused by the broker at the moment when nobody waits any more; awaited below.
            let refused = Task { try await channel.perform([.declareQueue(.init("nowhere", passive: true))]) }
            refused.cancel()
            _ = await refused.result
          }
        }
      }
    }
    try await connection.channel().perform([.prefetch(1)])
  }
}

/// Takes TCP connections into its backlog and says nothing.
private final class SilentListener {
  private let descriptor: Int32
  let port: Int

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isListening = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isListening)
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }
}
