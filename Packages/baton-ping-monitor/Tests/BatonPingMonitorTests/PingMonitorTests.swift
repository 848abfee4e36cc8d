import AMQP
import Baton
import BatonTesting
import Testing

@testable import BatonPingMonitor

struct PingMonitorTests {
  @Test("It writes down what comes out, as the gem's did")
  func writes() async throws {
    let broker = InMemoryBroker()
    let (lines, written) = AsyncStream<String>.makeStream()
    let stop = StopSignal()
    let monitor = try PingMonitor(try Configuration.load(file: nil, environment: [:]))
    let logger = Logger(to: LogSink { written.yield($0) })
    // Ended by the stop below, and awaited.
    let running = Task { try await monitor.run(on: broker, logger: logger, until: stop) }
    for await line in lines where line.contains("Listening") { break }
    let channel = try await broker.channel()
    _ = try await channel.publish([
      Publishing(exchange: "baton_ping_out", routingKey: "", body: [UInt8](#"{"type":"error","fqdn":"web1"}"#.utf8))
    ])
    for await line in lines {
      #expect(line.hasSuffix(#"ERROR   Message read: {"type":"error","fqdn":"web1"}"# + "\n"))
      break
    }
    stop.request()
    try await running.value
  }
}
