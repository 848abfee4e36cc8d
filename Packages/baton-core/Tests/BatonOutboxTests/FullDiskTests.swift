import AMQP
import BatonOutbox
import BatonTesting
import TestSupport
import Testing

@testable import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct FullDiskTests {
  @Test("On a full disk nothing that is said is lost while the process lives; it is told of, and what was kept is kept")
  func full() async {
    // In a process of its own, which may write no file beyond a size: the kernel refuses that as it does on a full disk.
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let web = Server(environment: "production", fqdn: "web1.example")
      let lines = Locked<[String]>([])
      let outbox = Outbox(
        exchange: "x", appID: "x", journal: try StoredOutbox(folder.path("outbox")),
        logger: Logger(to: LogSink { line in lines.withLock { $0.append(line) } }))
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 256 * 1024, rlim_max: .max)
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let said = (1...100).map { "\($0) \(String(repeating: "x", count: 10_000))" }
      for text in said { outbox.observe(try Output(Success(text), from: web)) }
      let refused = lines.withLock { $0.count { $0.contains("kept in memory alone") } }
      #expect((1..<100).contains(refused))

      limit.rlim_cur = .max
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let kept = try StoredOutbox(folder.path("outbox")).load().map { try success($0.output.body) }
      #expect(kept == Array(said.prefix(100 - refused)))

      let broker = InMemoryBroker()
      let channel = try await broker.channel()
      _ = try await channel.declare(
        Topology(exchanges: [ExchangeDeclaration("x")], queue: QueueDeclaration("q"), bindings: [.init("x", .key(""))]))
      outbox.close()
      try await outbox.pump(into: channel)
      let sent = try broker.messages(in: "q").map { try success($0.body) }
      #expect(sent == said)
      #expect(try StoredOutbox(folder.path("outbox")).load().isEmpty)
    }
  }
}

/// The text of an encoded ``Success``.
private func success(_ body: [UInt8]) throws -> String {
  try AnyMessage(Delivery(tag: 1, exchange: "", routingKey: "", body: body)).decode(Success.self).message
}
