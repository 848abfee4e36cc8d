import AMQP
import Baton
import BatonTesting
import Testing

@testable import BatonPingMonitor

@Suite(.timeLimit(.minutes(1)))
struct PingMonitorTests {
  private let broker = InMemoryBroker()

  /// Runs a monitor while `body` looks at what it writes, line by line, and at what it reports after it first listened.
  private func withMonitor(
    _ environment: [String: String] = [:], log: Logger? = nil,
    _ body: (inout AsyncStream<String>.Iterator, inout AsyncStream<Agent.Status>.Iterator) async throws -> Void
  ) async throws {
    let (lines, written) = AsyncStream<String>.makeStream()
    let (states, reported) = AsyncStream<Agent.Status>.makeStream()
    let stop = StopSignal()
    let monitor = try PingMonitor(try Configuration.load(file: nil, environment: environment))
    let logger = log ?? Logger(to: LogSink { if $0.contains("Message read") { written.yield($0) } })
    // Ended by the stop below, and awaited.
    let running = Task { try await monitor.run(on: broker, logger: logger, until: stop) { reported.yield($0) } }
    var (line, state) = (lines.makeAsyncIterator(), states.makeAsyncIterator())
    #expect(await state.next() == .listening(consumers: 1))
    do { try await body(&line, &state) } catch {
      stop.request()
      try await running.value
      throw error
    }
    stop.request()
    try await running.value
  }

  private func publish(_ body: String, to exchange: String = "baton_ping_out") async throws {
    _ = try await broker.channel().publish([
      Publishing(exchange: exchange, routingKey: "", body: [UInt8](body.utf8))
    ])
  }

  @Test("It writes down what comes out, as the gem's did: errors as errors, all else as information")
  func writes() async throws {
    try await withMonitor { lines, _ in
      try await publish(#"{"type":"error","fqdn":"web1"}"#)
      try await publish(#"{"type":"pong","fqdn":"web1"}"#)
      let written = [await lines.next(), await lines.next()].map { $0?.drop { $0 != " " } }
      #expect(
        written == [
          #" ERROR   Message read: {"type":"error","fqdn":"web1"}"# + "\n",
          #" INFO    Message read: {"type":"pong","fqdn":"web1"}"# + "\n",
        ])
    }
    #expect(broker.messages(in: "baton-ping-monitor.v2").isEmpty)
  }

  @Test("A message cannot forge a line")
  func forging() async throws {
    try await withMonitor { lines, _ in
      try await publish("{\"type\":\"pong\",\n\"fqdn\":\"\u{9B}2J\"}")
      #expect(await lines.next()?.hasSuffix(#"{"type":"pong",\n"fqdn":"\u{9b}2J"}"# + "\n") == true)
    }
  }

  @Test("It listens to baton_ping_out with a durable queue of its own, unless told otherwise")
  func standardQueue() async throws {
    try await withMonitor { _, _ in
      #expect(broker.queues == ["baton-ping-monitor.v2", "baton-ping-monitor.v2.dead"])
      #expect(broker.exchanges == ["baton_ping_out"])
      #expect(broker.keys(of: "baton-ping-monitor.v2", in: "baton_ping_out") == [""])
    }
  }

  @Test("QUEUE names its queue, so that monitors with names of their own each see all")
  func queue() async throws {
    try await withMonitor { first, _ in
      try await withMonitor(["BATON_QUEUE": "baton-ping-monitor.other"]) { second, _ in
        try await publish(#"{"type":"pong"}"#)
        #expect(await first.next() != nil)
        #expect(await second.next() != nil)
        #expect(broker.queues.contains("baton-ping-monitor.other.dead"))
      }
    }
  }

  @Test("EXCHANGES names what it listens to")
  func exchanges() async throws {
    try await withMonitor(["BATON_EXCHANGES": "baton_ping_out, baton_deploy_out"]) { lines, _ in
      try await publish(#"{"type":"a"}"#, to: "baton_deploy_out")
      #expect(await lines.next()?.contains(#"{"type":"a"}"#) == true)
      try await publish(#"{"type":"b"}"#)
      #expect(await lines.next()?.contains(#"{"type":"b"}"#) == true)
    }
  }

  @Test("EXCHANGES that name none are refused, rather than listened to in vain")
  func noExchanges() throws {
    let configuration = try Configuration.load(file: nil, environment: ["BATON_EXCHANGES": " , "])
    #expect(
      throws: ConfigurationError(
        place: "environment variable BATON_EXCHANGES", problem: "EXCHANGES is empty",
        remedy: "it wants at least one exchange: baton_ping_out")
    ) { try PingMonitor(configuration) }
  }

  @Test("With RABBIT_DURABLE false it shares the gem's queue as the gem's monitor declared it")
  func legacy() async throws {
    let gem = try await broker.channel()
    _ = try await gem.declare(Topology(queue: QueueDeclaration("baton-ping-monitor", durable: false)))
    try await withMonitor(["BATON_RABBIT_DURABLE": "false"]) { lines, _ in
      #expect(broker.queues == ["baton-ping-monitor"])
      try await publish(#"{"type":"pong"}"#)
      #expect(await lines.next() != nil)
    }
    try await withMonitor(["BATON_RABBIT_DURABLE": "false", "BATON_QUEUE": "own"]) { _, _ in
      #expect(broker.queues == ["baton-ping-monitor", "own"])
    }
  }

  @Test("What it cannot write down stays with the broker, and is written once it can")
  func unwritable() async throws {
    let message = #"{"type":"pong","fqdn":"web1"}"#
    // The device on which every write finds a full disk.
    let full = Logger(to: try LogSink.file("/dev/full"))
    try await withMonitor(log: full) { _, states in
      try await publish(message)
      try await publish(message)
      #expect(
        await states.next()
          == .disconnected(reason: "the log cannot be written; messages wait at the broker until it can"))
    }
    #expect(broker.messages(in: "baton-ping-monitor.v2").map(\.body) == [[UInt8](message.utf8), [UInt8](message.utf8)])
    try await withMonitor { lines, _ in
      #expect(await lines.next()?.contains(message) == true)
      #expect(await lines.next()?.contains(message) == true)
    }
    #expect(broker.messages(in: "baton-ping-monitor.v2").isEmpty)
  }
}
