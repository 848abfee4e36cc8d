import Baton
import BatonFaults
import BatonPing
import LoadLedger

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `load-reconnects PORT TIMES`: an agent whose connection to the broker is reset again and again, each time as soon as it listens. Says
/// what the process has before and after, and fails if it has gathered anything.
@main
struct LoadReconnects {
  /// Connections before the first look: by then the runtime has made the threads and buffers that it wants.
  static let warmUp = 100
  /// As for the processes of a fleet: descriptors and threads, and memory in KiB.
  static let tolerance = (entries: 2, memory: 16 * 1024)

  static func main() async {
    let words = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    guard words.count == 2 else {
      print("usage: load-reconnects PORT TIMES")
      exit(64)
    }
    do {
      let (before, after) = try await reconnect(port: words[0], times: words[1])
      print("before: \(before)\nafter \(words[1]) reconnects: \(after)")
      let gathers =
        abs(after.descriptors - before.descriptors) > tolerance.entries
        || abs(after.threads - before.threads) > tolerance.entries || after.memory - before.memory > tolerance.memory
      exit(gathers ? 1 : 0)
    } catch {
      print("load-reconnects: \(error)")
      exit(69)
    }
  }

  private static func reconnect(port: Int, times: Int) async throws -> (before: Footprint, after: Footprint) {
    let proxy = try FaultProxy(to: port)
    let configuration = try Configuration.load(
      file: nil, environment: ["BATON_RABBIT_HOST": "127.0.0.1", "BATON_RABBIT_PORT": "\(proxy.port)"])
    let broker = RabbitMQ(hosts: configuration.connections(name: "load-reconnects"), logger: .discarding)
    let (listening, listens) = AsyncStream<Void>.makeStream()
    let stop = StopSignal()
    let agent = Agent(
      PingService(), on: Server(environment: "load", fqdn: "again.example"), broker: broker, logger: .discarding,
      clock: ImpatientClock())
    // Ended by the stop below, and awaited.
    let running = Task { await agent.run(until: stop) { if case .listening = $0 { listens.yield() } } }
    var iterator = listening.makeAsyncIterator()
    await iterator.next()
    var before = Footprint()
    for number in 1...warmUp + times {
      if number == warmUp + 1 { before = Footprint() }
      proxy.cut(.reset)
      await iterator.next()
    }
    let after = Footprint()
    stop.request()
    await running.value
    try await proxy.close()
    return (before, after)
  }
}

/// A clock on which nobody backs off; longer waits take their time.
struct ImpatientClock: Clock {
  typealias Duration = Swift.Duration
  typealias Instant = ContinuousClock.Instant

  var now: Instant { .now }
  var minimumResolution: Duration { .zero }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    guard now.duration(to: deadline) > .seconds(3) else { return await Task.yield() }
    try await ContinuousClock().sleep(until: deadline)
  }
}
