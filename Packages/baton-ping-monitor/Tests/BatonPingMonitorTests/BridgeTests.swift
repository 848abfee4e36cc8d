import AMQP
import Baton
import BatonTesting
import Testing

@testable import BatonPingMonitor

struct BridgeTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func monitor(_ text: String) throws -> PingMonitor {
    let path = try folder.write("STATE_FILE: \(folder.path("state.db"))\n" + text, to: "m.cfg")
    return try PingMonitor(try Configuration.load(file: path, environment: [:], keys: PingMonitor.keys))
  }

  /// Runs a monitor until the test's body returns.
  private func running(
    _ monitor: PingMonitor, on broker: InMemoryBroker, _ body: (AsyncStream<String>) async throws -> Void
  ) async throws {
    let stop = StopSignal()
    let (lines, written) = AsyncStream<String>.makeStream()
    let logger = Logger(to: LogSink { written.yield($0) })
    // Ended by the stop, and awaited.
    let running = Task { try await monitor.run(on: broker, logger: logger, until: stop) }
    do { try await body(lines) } catch {
      stop.request()
      try await running.value
      throw error
    }
    stop.request()
    try await running.value
  }

  private func wait(for text: String, in lines: AsyncStream<String>) async {
    for await line in lines where line.contains(text) { return }
  }

  @Test("A monitor that hears itself leads, asks the hosts, and keeps who answered", .timeLimit(.minutes(1)))
  func roster() async throws {
    let broker = InMemoryBroker()
    try await running(monitor("PING: production\nPING_INTERVAL: 1s\nSINKS: [log]\n"), on: broker) { lines in
      await wait(for: "Leading", in: lines)
      let channel = try await broker.channel()
      let queue = try await channel.declare(
        Topology(queue: .serverNamed, bindings: [.init("baton_ping_in", .key("production"))]))
      let pings = try await channel.consume(queue, prefetch: 10)
      var iterator = pings.deliveries.makeAsyncIterator()
      let ping = try #require(try await iterator.next()?.first)
      #expect(String(decoding: ping.body, as: UTF8.self) == #"{"type":"ping"}"#)
      var properties = Properties()
      properties.correlationID = ping.properties.correlationID
      let body = #"{"type":"pong","environment":"production","fqdn":"web1.example","app_names":["shop"]}"#
      let error = #"{"type":"error","fqdn":"web1.example","error_class":"E","error_message":"m"}"#
      _ = try await channel.publish([
        Publishing(exchange: "baton_ping_out", routingKey: "", properties: properties, body: [UInt8](body.utf8)),
        Publishing(exchange: "baton_ping_out", routingKey: "", body: [UInt8](error.utf8)),
      ])
      await wait(for: #""alert":"HostError""#, in: lines)
    }
    let kept = try StateFile(folder.path("state.db")).load()
    let host = try #require(kept.hosts.first { $0.server.environment == "production" })
    #expect(host.server == web1)
    #expect(host.roundTrip != nil)
    #expect(kept.alerts.map(\.subject.name) == ["HostError"])
    #expect(broker.messages(in: "baton-ping-monitor.v2").allSatisfy { $0.exchange == "baton-ping-monitor.v2" })
  }

  @Test("Messages stay with the broker while the state cannot be kept, and are not lost", .timeLimit(.minutes(1)))
  func diskFails() async throws {
    let file = try StateFile(folder.path("state.db"))
    let bridge = Bridge(
      try #require(try monitor("SINKS: [log]\n").bridge), file: file, name: "one", logger: .discarding,
      now: { .at(0) })
    try await bridge.handle([try .sample("pong")])
    // Another takes the lead: what the first one writes now must not be there.
    try file.takeLease("two", at: .at(1))
    await #expect(throws: LeaseLost.self) { try await bridge.handle([try .error()]) }
    #expect(await bridge.isLeading == false)
    #expect(try file.load().alerts.isEmpty)
    // A message shows that it is the active one again: it goes on from what is on disk.
    try await bridge.handle([try .error()])
    #expect(await bridge.isLeading)
    #expect(try file.load().alerts.count == 1)
    #expect(try file.load().hosts.count == 1)
  }

  @Test("Time goes on after a failure of the disk: what is there is made anew", .timeLimit(.minutes(1)))
  func tickAfterFailure() async throws {
    let file = try StateFile(folder.path("state.db"))
    let bridge = Bridge(
      try #require(try monitor("SINKS: [log]\n").bridge), file: file, name: "one", logger: .discarding,
      now: { .at(0) })
    try await bridge.handle([try .sample("pong")])
    try file.takeLease("two", at: .at(1))
    await #expect(throws: LeaseLost.self) { try await bridge.handle([try .error()]) }
    #expect(await bridge.health.words == "no broker: not connected yet")
    await bridge.connectionChanged(.listening(consumers: 1))
    try await bridge.handle([])
    try await bridge.tick()
    #expect(await bridge.health.words == "ok, leading")
    #expect(try await bridge.snapshot().hosts.map(\.server) == [web1])
  }

  @Test("A standby hears nothing, and takes over with what is on disk", .timeLimit(.minutes(1)))
  func takeover() async throws {
    let broker = InMemoryBroker()
    let first = try monitor("SINKS: [log]\n")
    try await running(first, on: broker) { lines in
      await wait(for: "Leading", in: lines)
      let channel = try await broker.channel()
      let error = #"{"type":"error","environment":"production","fqdn":"web1.example","error_class":"E"}"#
      _ = try await channel.publish([
        Publishing(exchange: "baton_ping_out", routingKey: "", body: [UInt8](error.utf8))
      ])
      await wait(for: #""alert":"HostError""#, in: lines)
    }
    try await running(first, on: broker) { lines in await wait(for: "Leading open_alerts=1 hosts=1", in: lines) }
  }

  @Test("Another monitor with a database of its own is told of", .timeLimit(.minutes(1)))
  func foreignDatabase() async throws {
    let (lines, written) = AsyncStream<String>.makeStream()
    let bridge = Bridge(
      try #require(try monitor("SINKS: [log]\n").bridge), file: try StateFile(folder.path("state.db")), name: "one",
      logger: Logger(to: LogSink { written.yield($0) }), now: { .at(0) })
    await bridge.hear(Beat(monitor: "two", database: "elsewhere", leads: false))
    await wait(for: "Another monitor on this queue has a database of its own", in: lines)
    #expect(try await bridge.snapshot().peers.standbys.map(\.isShared) == [false])
    #expect(try await bridge.snapshot().peers.leaderIsForeign == false)
    // The other takes the lead: that is another thing to know.
    await bridge.hear(Beat(monitor: "two", database: "elsewhere", leads: true))
    await wait(for: "The monitor that leads has a database of its own", in: lines)
    #expect(try await bridge.snapshot().peers == Peers.View(standbys: [], leaderIsForeign: true))
  }

  @Test(
    "Of another configuration a running monitor takes up all but some keys, which are told",
    arguments: [
      ("SINKS: [log]\n", "SINKS: [{kind: log, name: other}]\nRULES: [{name: a}]\nLOG_MESSAGES: true\n", [String]()),
      ("SINKS: [log]\n", "# the same\n\nSINKS: [log]\n", []),
      (
        "SINKS: [log]\n", "SINKS: [log]\nHTTP_LISTEN: 127.0.0.1:0\nQUEUE: q\nEXCHANGES: [a_out]\n",
        ["EXCHANGES", "HTTP_LISTEN", "QUEUE"]
      ),
      ("SINKS: [log]\n", "SINKS: [log]\nPING: lab\n", ["PING"]),
      ("PING: lab\n", "PING: [lab, production]\nPING_INTERVAL: 5s\n", []),
      ("PING: lab\n", "PING: lab\nRABBIT_HEARTBEAT: 5\nUNKNOWN: 1\n", ["RABBIT_HEARTBEAT"]),
    ])
  func renewal(old: String, new: String, keys: [String]) throws {
    #expect(try monitor(old).keysOfNewStart(for: monitor(new)) == keys)
  }

  @Test("A monitor that only writes down takes nothing up")
  func renewalOfNoBridge() throws {
    let plain = try PingMonitor(try Configuration.load(file: nil, environment: [:], keys: PingMonitor.keys))
    #expect(try plain.keysOfNewStart(for: monitor("SINKS: [log]\n")) == ["SINKS", "STATE_FILE"])
  }

  @Test(
    "What is wrong with the configuration is told with file, line and key",
    arguments: [
      ("SINKS:\n  - kind: slack\n", ":3: url is missing"),
      ("SINKS:\n  - {kind: slak}\n", ":3: SINKS[1].kind is 'slak'"),
      ("SINKS:\n  - {kind: log, urll: x}\n", ":3: nobody here knows the key SINKS[1].urll"),
      ("SINKS:\n  - {kind: slack, url: 'http://example.com/x'}\n", ":3: url is plain HTTP"),
      ("SINKS:\n  - log\n  - log\n", ":4: kind is that of another sink"),
      ("RULES:\n  - {name: a, severity: bad}\n", ":3: RULES[1].severity is 'bad'"),
      ("RULES:\n  - {type: error}\n", ":3: name is missing"),
      ("SINKS:\n  - {kind: log, match: [hots=x]}\n", ":3: 'hots=x' is not a matcher"),
      ("HTTP_LISTEN: 0.0.0.0:9797\n", ":2: HTTP_LISTEN is '0.0.0.0:9797'"),
      ("PING_INTERVAL: 200s\n", "SILENT_WARNING is not longer"),
      ("FLAPPING: {changes: 1}\n", ":2: FLAPPING.changes is '1'"),
    ])
  func configuration(text: String, complaint: String) {
    #expect { try monitor(text) } throws: { error in
      let isTold = "\(error)".contains(complaint)
      if !isTold { Issue.record("\(error)") }
      return error is ConfigurationError && isTold
    }
  }
}
