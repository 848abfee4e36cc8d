import AMQP
import BatonTesting
import Testing

@testable import Baton

/// A test for each way in which the recovery of the best clients broke, named after it.
///
/// Three that concern a single connection are among the tests of `AMQP`, with `.bug` as here: an old delivery tag acknowledged on a new
/// channel (`LostConnectionTests`), close during negotiation (`ConnectFaultTests`), frames for a closed channel
/// (`HostileBrokerTests`). One host named twice is in `RabbitMQHostsTests`.
@Suite(.timeLimit(.minutes(1)))
struct RecoveryTests {
  private let web = Server(environment: "production", fqdn: "web1.example")
  private let lines = Locked<[String]>([])

  /// What is none of AMQP's errors.
  private struct Oops: Error {}

  /// Runs an agent while `body` looks at it, and ends it; nothing is open then.
  private func withAgent(
    of service: any Service = EchoService(), on broker: StumblingBroker, clock: any Clock<Duration> = ImmediateClock(),
    renewal: Renewal? = nil, _ body: (Statuses) async throws -> Void
  ) async throws {
    let (stop, statuses) = (StopSignal(), Statuses())
    let logger = Logger(to: LogSink { [lines] line in lines.withLock { $0.append(line) } })
    let agent = Agent(service, on: web, broker: broker, logger: logger, clock: clock)
    // Ended by the stop below, and awaited.
    let running = Task { await agent.run(until: stop, renewal: renewal) { statuses.add($0) } }
    do { try await body(statuses) } catch {
      stop.request()
      await running.value
      throw error
    }
    stop.request()
    await running.value
    #expect(broker.openChannels == 0)
  }

  /// Asks for an echo; the texts of all answers that come.
  private func echoes(on broker: StumblingBroker) async throws -> [String] {
    let answers = try await API("baton_test", broker: broker.broker).ask(
      Echo(text: "hello"), of: "production", count: 1)
    return answers.compactMap { if case .reply(let echoed) = $0.outcome { echoed.text } else { nil } }
  }

  @Test(
    "Overlapping recoveries that end in none (bunny): lost again at each step of its recovery, it is back once and whole",
    arguments: StumblingBroker.Step.allCases)
  func overlapping(step: StumblingBroker.Step) async throws {
    let broker = StumblingBroker()
    broker.stumble { [broker = broker.broker] taken, time in
      // Consumer, outbox and watch for alarms hear of it at the same moment.
      if taken == step, time == 2 { broker.disconnectAll() }
    }
    try await withAgent(on: broker) { statuses in
      try await statuses.listened(times: 1)
      broker.broker.disconnectAll()
      // What it says first it says once it listens.
      try await statuses.listened(times: step == .publish ? 3 : 2)
      #expect(broker.broker.queues.count == 1)
      #expect(broker.openChannels == 1)
      #expect(try await echoes(on: broker) == ["hello"])
    }
  }

  @Test(
    "A consumer that looks alive and receives nothing: a refused subscription is no subscription",
    .bug("https://github.com/rabbitmq/amqp091-go/issues/379"))
  func refusedSubscription() async throws {
    let broker = StumblingBroker()
    broker.stumble { step, time in
      // The connection lives, and so does the channel: nothing else would tell of it.
      if step == .consume, time == 2 { throw AMQPError(.accessRefused, "no", while: "consume") }
    }
    try await withAgent(on: broker) { statuses in
      try await statuses.listened(times: 1)
      broker.broker.disconnectAll()
      try await statuses.listened(times: 2)
      // Its loss, and the refusal.
      try await statuses.disconnected(times: 2)
      #expect(broker.times(.consume) == 3)
      #expect(try await echoes(on: broker) == ["hello"])
    }
  }

  @Test(
    "A loop on an entity that can never be declared: it waits between attempts, tells of it once, and does not give up",
    .bug("https://github.com/rabbitmq/amqp091-go/issues/365"))
  func neverDeclared() async throws {
    let broker = StumblingBroker()
    broker.stumble { step, _ in
      if step == .declare { throw AMQPError(.preconditionFailed, "it is of another kind", while: "declare 'x'") }
    }
    let clock = TestClock()
    try await withAgent(on: broker, clock: clock) { statuses in
      for attempt in 1...5 {
        try await statuses.disconnected(times: attempt)
        #expect(broker.times(.connect) == attempt)
        #expect(lines.withLock { $0.count { $0.contains("it is of another kind") } } == 1)
        // Not before the longest wait is over.
        if attempt == 5 { broker.stumble { _, _ in } }
        try await clock.advance(by: .seconds(3))
      }
      try await statuses.listened(times: 1)
    }
  }

  @Test(
    "An auto-delete queue resurrected: what was given up on purpose stays away after a recovery",
    .bug("https://github.com/rabbitmq/amqp091-go/issues/368"),
    .bug("https://github.com/rabbitmq/rabbitmq-java-client/issues/692"))
  func resurrected() async throws {
    func service(_ key: String) -> TestConsumerService {
      TestConsumerService(
        consumer: TestConsumer(keys: [key], handlers: [.on(Echo.self) { echo, _ in Echoed(text: echo.text) }]))
    }
    let broker = StumblingBroker()
    let renewal = Renewal(service("old"))
    try await withAgent(of: service("old"), on: broker, renewal: renewal) { statuses in
      try await statuses.listened(times: 1)
      renewal.renew(service("new"))
      try await statuses.listened(times: 2)
      broker.broker.disconnectAll()
      try await statuses.listened(times: 3)
      #expect(broker.broker.queues.count == 1)
      let queue = try #require(broker.broker.queues.first)
      #expect(broker.broker.keys(of: queue, in: "baton_test_in") == ["new", "new.web1.example"])
    }
  }

  @Test("A server-named queue that comes back under a new name: the new one is bound, consumed and looked after")
  func renamed() async throws {
    let broker = StumblingBroker()
    try await withAgent(on: broker) { statuses in
      try await statuses.listened(times: 1)
      let before = broker.broker.queues
      broker.broker.disconnectAll()
      try await statuses.listened(times: 2)
      let after = try #require(broker.broker.queues.first)
      #expect(!before.contains(after))
      #expect(try await echoes(on: broker) == ["hello"])
      // Somebody deletes the exchange and makes it again: the look after the bindings finds out, under the new name.
      broker.broker.deleteExchange("baton_test_in")
      _ = try await broker.broker.channel().declare(Topology(exchanges: [ExchangeDeclaration("baton_test_in")]))
      broker.broker.lookAfterBindings()
      #expect(broker.broker.queues == [after])
      #expect(!broker.broker.keys(of: after, in: "baton_test_in").isEmpty)
    }
  }

  @Test(
    "An exception during recovery that kills recovery: whatever is thrown at whichever step, the agent goes round again",
    .bug("https://github.com/rabbitmq/rabbitmq-dotnet-client/issues/658"), arguments: StumblingBroker.Step.allCases)
  func exception(step: StumblingBroker.Step) async throws {
    let broker = StumblingBroker()
    broker.stumble { if $0 == step, (2...4).contains($1) { throw Oops() } }
    try await withAgent(on: broker) { statuses in
      try await statuses.listened(times: 1)
      broker.broker.disconnectAll()
      try await statuses.listened(times: step == .publish ? 5 : 2)
      #expect(try await echoes(on: broker) == ["hello"])
    }
  }

  @Test(
    "An exception during recovery that kills recovery: so does the monitor",
    .bug("https://github.com/rabbitmq/rabbitmq-dotnet-client/issues/658"),
    arguments: [StumblingBroker.Step.connect, .declare, .consume])
  func exceptionOfMonitor(step: StumblingBroker.Step) async throws {
    let broker = StumblingBroker()
    let (stop, statuses) = (StopSignal(), Statuses())
    let read = AsyncStream<String>.makeStream()
    let monitor = Monitor(
      of: ["x_out"], queue: .durable("q"), broker: broker, logger: .discarding, clock: ImmediateClock())
    // Ended by the stop below, and awaited.
    let running = Task {
      await monitor.run(until: stop) {
        statuses.add($0)
      } _: {
        read.continuation.yield($0.type)
      }
    }
    try await statuses.listened(times: 1)
    let before = broker.times(step)
    broker.stumble { if $0 == step, (before + 1...before + 3).contains($1) { throw Oops() } }
    broker.broker.disconnectAll()
    try await statuses.listened(times: 2)
    let publishing = Publishing(exchange: "x_out", routingKey: "", body: [UInt8](#"{"type":"pong"}"#.utf8))
    _ = try await broker.broker.channel().publish([publishing])
    for await type in read.stream {
      #expect(type == "pong")
      break
    }
    stop.request()
    await running.value
    #expect(broker.openChannels == 0)
  }
}
