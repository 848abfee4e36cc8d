import AMQP
import BatonTesting
import Testing

@testable import Baton

struct MonitorTests {
  private let web = Server(environment: "production", fqdn: "web1.example")

  /// Publishes bodies and gives what the monitor makes of them.
  private func read(
    _ bodies: [String], expecting count: Int, queue: MonitorQueue = .durable("q"), on broker: InMemoryBroker,
    _ handle: @escaping @Sendable (AnyMessage) async throws -> Void = { _ in }
  ) async throws -> [AnyMessage] {
    let stop = StopSignal()
    let (read, heard) = AsyncStream<AnyMessage>.makeStream()
    let (listening, listened) = AsyncStream<Void>.makeStream()
    let monitor = Monitor(of: ["x_out"], queue: queue, broker: broker, logger: .discarding, clock: ImmediateClock())
    // Ended by the stop below, and awaited.
    let running = Task {
      await monitor.run(until: stop) {
        if case .listening = $0 { listened.yield() }
      } _: { message in
        try await handle(message)
        heard.yield(message)
      }
    }
    for await _ in listening { break }
    let channel = try await broker.channel()
    _ = try await channel.publish(
      bodies.map { Publishing(exchange: "x_out", routingKey: "", body: [UInt8]($0.utf8)) })
    var messages: [AnyMessage] = []
    for await message in read {
      messages.append(message)
      if messages.count == count { break }
    }
    stop.request()
    await running.value
    return messages
  }

  @Test("It reads what comes out under the empty key, and acknowledges it")
  func reads() async throws {
    let broker = InMemoryBroker()
    let messages = try await read([#"{"type":"pong"}"#, #"{"type":"up"}"#], expecting: 2, on: broker)
    #expect(messages.map(\.type) == ["pong", "up"])
    #expect(broker.messages(in: "q").isEmpty)
  }

  @Test("What cannot be read is put aside, and the next is read")
  func deadLetters() async throws {
    let broker = InMemoryBroker()
    let messages = try await read(["x", #"{"type":"pong"}"#], expecting: 1, on: broker)
    #expect(messages.map(\.type) == ["pong"])
    #expect(broker.messages(in: "q.dead").map(\.body) == [[UInt8]("x".utf8)])
  }

  @Test("What could not be handled is not lost: it comes again")
  func handlerThrows() async throws {
    let broker = InMemoryBroker()
    let hasFailed = Locked(false)
    let messages = try await read([#"{"type":"pong"}"#], expecting: 1, on: broker) { _ in
      let fails = hasFailed.withLock { failed in
        defer { failed = true }
        return !failed
      }
      if fails { throw AMQPError(.internalError, "disk full", while: "write") }
    }
    #expect(messages.count == 1)
    #expect(hasFailed.withLock { $0 })
  }

  @Test("Its messages wait for it while it is away")
  func waits() async throws {
    let broker = InMemoryBroker()
    _ = try await read([#"{"type":"a"}"#], expecting: 1, on: broker)
    let channel = try await broker.channel()
    _ = try await channel.publish([Publishing(exchange: "x_out", routingKey: "", body: [UInt8](#"{"type":"b"}"#.utf8))])
    #expect(broker.messages(in: "q").count == 1)
    #expect(try await read([#"{"type":"c"}"#], expecting: 2, on: broker).map(\.type) == ["b", "c"])
  }

  @Test("Batches are acknowledged when they have been handled, and come again whole when that failed")
  func batches() async throws {
    let broker = InMemoryBroker()
    let stop = StopSignal()
    let (read, heard) = AsyncStream<[String]>.makeStream()
    let (begun, begins) = AsyncStream<String>.makeStream()
    let hasFailed = Locked(false)
    let monitor = Monitor(
      of: ["x_out"], queue: .durable("q"), broker: broker, logger: .discarding, clock: ImmediateClock())
    // Ended by the stop below, and awaited.
    let running = Task {
      await monitor.run(
        until: stop, prefetch: 10,
        beside: { channel, queue in
          _ = try await channel.publish(
            ["a", "b"].map {
              Publishing(exchange: "x_out", routingKey: "", body: [UInt8](#"{"type":"\#($0)"}"#.utf8))
            })
          begins.yield(queue)
          try await StopSignal().wait()
        }
      ) { messages in
        let fails = hasFailed.withLock { failed in
          defer { failed = true }
          return !failed
        }
        if fails { throw AMQPError(.internalError, "disk full", while: "write") }
        heard.yield(messages.map(\.type))
      }
    }
    // Once more after the failure: what runs beside begins anew as well.
    var beginnings: [String] = []
    for await queue in begun {
      beginnings.append(queue)
      if beginnings.count == 2 { break }
    }
    var types: [String] = []
    for await batch in read {
      types += batch
      if types.count == 4 { break }
    }
    #expect(beginnings == ["q", "q"])
    #expect(types == ["a", "b", "a", "b"])
    stop.request()
    await running.value
    #expect(broker.messages(in: "q").isEmpty)
  }

  @Test("The queue is declared with all that cannot be changed later")
  func arguments() {
    let queue = MonitorQueue.durable("q")
    #expect(queue.declaration.durable)
    #expect(
      queue.declaration.arguments == [
        "x-single-active-consumer": true, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "q.dead",
        "x-max-length-bytes": 268_435_456,
      ])
    #expect(queue.deadLetters?.name == "q.dead")
  }

  @Test("In a cluster the queue and its dead letters are on several nodes")
  func quorum() {
    let queue = MonitorQueue.durable("q", kind: .quorum)
    #expect(queue.declaration.arguments["x-queue-type"] == "quorum")
    #expect(queue.declaration.arguments["x-single-active-consumer"] == true)
    #expect(queue.deadLetters?.arguments["x-queue-type"] == "quorum")
  }

  @Test("The gem's queue is declared as the gem does")
  func legacy() {
    let queue = MonitorQueue.legacy("baton-ping-monitor")
    #expect(queue.declaration == QueueDeclaration("baton-ping-monitor", durable: false))
    #expect(queue.deadLetters == nil)
  }
}
