import AMQP
import BatonTesting
import Testing

@testable import Baton

struct AgentTests {
  private let web = Server(environment: "production", fqdn: "web1.example")

  /// Runs an agent while `body` looks at it, and ends it.
  private func withAgent(
    on broker: any Broker, clock: ImmediateClock = ImmediateClock(),
    _ body: (Statuses, StopSignal) async throws -> Void
  ) async throws {
    let stop = StopSignal()
    let statuses = Statuses()
    let agent = Agent(EchoService(), on: web, broker: broker, logger: .discarding, clock: clock)
    // Ended by the stop below, and awaited.
    let running = Task { await agent.run(until: stop) { statuses.add($0) } }
    do { try await body(statuses, stop) } catch {
      stop.request()
      await running.value
      throw error
    }
    stop.request()
    await running.value
  }

  @Test("It binds its keys, and each with its own name behind it")
  func bindings() async throws {
    let broker = InMemoryBroker()
    try await withAgent(on: broker) { statuses, _ in
      try await statuses.listened(times: 1)
      let queue = try #require(broker.queues.first)
      #expect(broker.keys(of: queue, in: "baton_test_in") == ["production", "production.web1.example"])
      #expect(broker.exchanges == ["baton_test_in", "baton_test_out"])
    }
  }

  @Test("It says up when it hears, and down when it leaves")
  func upAndDown() async throws {
    let broker = InMemoryBroker()
    let heard = try await Listener(to: "baton_test_out", on: broker)
    try await withAgent(on: broker) { statuses, _ in try await statuses.listened(times: 1) }
    #expect(try await heard.types(2) == ["up", "down"])
    #expect(broker.queues == [heard.queue])
  }

  @Test("What was under way to it at a stop is answered before it says down")
  func downComesLast() async throws {
    let broker = InMemoryBroker()
    let heard = try await Listener(to: "baton_test_out", on: broker)
    try await withAgent(on: TardyBroker(broker: broker)) { statuses, _ in try await statuses.listened(times: 1) }
    let end = Publishing(exchange: "baton_test_out", routingKey: "", body: [UInt8](#"{"type":"end"}"#.utf8))
    _ = try await heard.channel.publish([end])
    var types: [String] = []
    while types.last != "end" { types += try await heard.types(1) }
    #expect(types == ["up", "info", "echoed", "down", "end"])
  }

  @Test("It is back after a lost connection, and answers")
  func reconnects() async throws {
    let broker = InMemoryBroker()
    try await withAgent(on: broker) { statuses, _ in
      try await statuses.listened(times: 1)
      broker.disconnectAll()
      try await statuses.listened(times: 2)
      let answers = try await API("baton_test", broker: broker).ask(Echo(text: "x"), of: "production", count: 1)
      #expect(answers.map(\.sender) == [web])
    }
  }

  @Test("A broker that refuses is asked again and again, until it lets us in")
  func refused() async throws {
    let broker = InMemoryBroker()
    broker.refusal = AMQPError(.accessRefused, "no", while: "connect")
    try await withAgent(on: broker) { statuses, _ in
      try await statuses.disconnected(times: 3)
      broker.refusal = nil
      try await statuses.listened(times: 1)
    }
  }

  @Test("A stop ends it though the broker never lets it in")
  func stopWhileRefused() async throws {
    let broker = InMemoryBroker()
    broker.refusal = AMQPError(.unreachable, "no", while: "connect")
    try await withAgent(on: broker) { statuses, _ in try await statuses.disconnected(times: 1) }
  }

  @Test("An alarm of the broker is reported, and its end")
  func blocked() async throws {
    let broker = InMemoryBroker()
    try await withAgent(on: broker) { statuses, _ in
      try await statuses.listened(times: 1)
      broker.blocked = "low on memory"
      try await statuses.blocked(times: 1)
      broker.blocked = nil
      try await statuses.listened(times: 2)
    }
  }

  @Test("Its queue deleted under it, it makes another: it is never deaf")
  func queueDeleted() async throws {
    let broker = InMemoryBroker()
    try await withAgent(on: broker) { statuses, _ in
      try await statuses.listened(times: 1)
      broker.deleteQueue(try #require(broker.queues.first))
      try await statuses.listened(times: 2)
      #expect(broker.queues.count == 1)
    }
  }

  @Test("The input exchange deleted, it makes it again: it is never deaf")
  func exchangeDeleted() async throws {
    let broker = InMemoryBroker()
    try await withAgent(on: broker) { statuses, _ in
      try await statuses.listened(times: 1)
      broker.deleteExchange("baton_test_in")
      broker.lookAfterBindings()
      try await statuses.listened(times: 2)
      let queue = try #require(broker.queues.first)
      #expect(broker.keys(of: queue, in: "baton_test_in").count == 2)
    }
  }

  @Test("A request for another host, or another key, is refused, and not acted on")
  func misdirected() async throws {
    let broker = InMemoryBroker()
    let heard = try await Listener(to: "baton_test_out", on: broker)
    try await withAgent(on: broker) { statuses, _ in
      try await statuses.listened(times: 1)
      for header in [("baton-fqdn", "web2.example"), ("baton-key", "staging")] {
        var publishing = Publishing(
          exchange: "baton_test_in", routingKey: "production", body: [UInt8](#"{"type":"echo","text":"x"}"#.utf8))
        publishing.properties.headers = [header.0: .string(header.1)]
        _ = try await heard.channel.publish([publishing])
      }
      let messages = try await heard.messages(3).dropFirst()
      #expect(try messages.map { try $0.decode(Failure.self).errorClass } == ["Misdirected", "Misdirected"])
    }
  }

  @Test("A type that nobody handles, and a member that is wrong, are answered with an error that says so")
  func errors() async throws {
    let broker = InMemoryBroker()
    let heard = try await Listener(to: "baton_test_out", on: broker)
    try await withAgent(on: broker) { statuses, _ in
      try await statuses.listened(times: 1)
      for body in [#"{"type":"dance"}"#, #"{"type":"echo","text":7}"#, "x"] {
        let publishing = Publishing(exchange: "baton_test_in", routingKey: "production", body: [UInt8](body.utf8))
        _ = try await heard.channel.publish([publishing])
      }
      let failures = try await heard.messages(4).dropFirst().map { try $0.decode(Failure.self) }
      #expect(
        Set(failures) == [
          Failure("UnknownType", "no handler for 'dance'; this service takes echo, fail"),
          Failure("Unreadable", "the member 'text' is not a string"),
          Failure("Unreadable", "the body is not a JSON object"),
        ])
    }
  }

  @Test("What was said while there was no broker is said when it is back, in order")
  func outboxSurvives() async throws {
    let broker = InMemoryBroker()
    let outbox = Outbox(exchange: "x", appID: "x", logger: .discarding)
    for number in 1...3 { outbox.observe(try Output(Info("\(number)"), from: web)) }
    broker.disconnectAll()
    let listener = try await Listener(to: "x", on: broker)
    outbox.close()
    try await outbox.pump(into: listener.channel)
    let texts = try await listener.messages(3).map { try $0.decode(Info.self).message }
    #expect(texts == ["1", "2", "3"])
  }
}

/// Keeps what an agent reports, for a test to wait for.
final class Statuses: Sendable {
  private let stream: AsyncStream<Agent.Status>
  private let continuation: AsyncStream<Agent.Status>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func add(_ status: Agent.Status) { continuation.yield(status) }

  /// Waits for so many reports of listening, counted from the start of the test.
  func listened(times: Int) async throws { try await wait(times, for: .listening) }

  func disconnected(times: Int) async throws { try await wait(times, for: .disconnected) }

  func blocked(times: Int) async throws { try await wait(times, for: .blocked) }

  private enum Kind {
    case listening, disconnected, blocked

    init(_ status: Agent.Status) {
      self =
        switch status {
        case .listening: .listening
        case .disconnected: .disconnected
        case .blocked: .blocked
        }
    }
  }

  private let counts = Locked<[Kind: Int]>([:])

  private func wait(_ times: Int, for kind: Kind) async throws {
    if counts.withLock({ $0[kind] ?? 0 }) >= times { return }
    for await status in stream {
      let count = counts.withLock { counts in
        counts[Kind(status), default: 0] += 1
        return counts[kind] ?? 0
      }
      if count >= times { return }
    }
    throw CancellationError()
  }
}

/// Somebody who hears what comes out of an exchange.
struct Listener {
  let channel: any Baton.Channel
  let queue: String
  private let subscription: Subscription

  init(to exchange: String, on broker: any Broker) async throws {
    channel = try await broker.channel()
    queue = try await channel.declare(
      Topology(
        exchanges: [ExchangeDeclaration(exchange)], queue: .serverNamed, bindings: [.init(exchange, .key(""))]))
    subscription = try await channel.consume(queue, prefetch: 100)
  }

  /// Waits for the first messages, and gives them; later calls give later ones.
  func messages(_ count: Int) async throws -> [AnyMessage] {
    var messages: [AnyMessage] = []
    for try await batch in subscription.deliveries {
      for delivery in batch {
        messages.append(try AnyMessage(delivery))
        subscription.settle(delivery, .acknowledge)
      }
      if messages.count >= count { break }
    }
    return messages
  }

  func types(_ count: Int) async throws -> [String] { try await messages(count).map(\.type) }
}

/// A clock on which a short wait is over at once, and a long one never is.
struct ImmediateClock: Clock {
  /// As long as the longest back-off.
  private static let longestWait: Duration = .seconds(3)

  typealias Duration = Swift.Duration
  typealias Instant = ContinuousClock.Instant

  var now: Instant { .now }
  var minimumResolution: Duration { .zero }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    if now.duration(to: deadline) <= Self.longestWait {
      await Task.yield()
    } else {
      // Ends by cancellation alone.
      try await StopSignal().wait()
    }
    try Task.checkCancellation()
  }
}
