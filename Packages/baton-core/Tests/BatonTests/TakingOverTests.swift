import AMQP
import BatonTesting
import Testing

@testable import Baton

/// What a service needs that takes requests over, and answers for them beyond the life of a connection.
struct TakingOverTests {
  private let web = Server(environment: "production", fqdn: "web1.example")

  private func delivery(_ body: String) -> Delivery {
    Delivery(tag: 1, exchange: "", routingKey: "", body: [UInt8](body.utf8))
  }

  @Test("A handler may acknowledge before it ends")
  func early() async throws {
    let acknowledged = StopSignal()
    let consumer = TestConsumer(handlers: [
      .accepting(Echo.self) { _, context in
        context.acknowledge()
        try await acknowledged.wait()
      }
    ])
    let manager = ConsumerManager(consumer: consumer, voice: Voice(server: web, logger: .discarding, observers: []))
    await manager.handle(delivery(#"{"type":"echo","text":"x"}"#)) { acknowledged.request() }
    #expect(acknowledged.isRequested)
  }

  @Test("A request that is taken over has no answer by itself; what goes wrong has")
  func accepting() async throws {
    let recorder = RecordingObserver()
    let consumer = TestConsumer(handlers: [
      .accepting(Echo.self) { echo, _ in if echo.text == "bad" { throw Failure("Bad", "no") } }
    ])
    let voice = Voice(server: web, logger: .discarding, observers: [recorder])
    let manager = ConsumerManager(consumer: consumer, voice: voice)
    await manager.handle(delivery(#"{"type":"echo","text":"good"}"#))
    #expect(recorder.outputs.isEmpty)
    await manager.handle(delivery(#"{"type":"echo","text":"bad"}"#))
    #expect(recorder.outputs.map(\.type) == ["error"])
  }

  @Test("A consumer takes up old work at the start, and hears when the broker has what it said under an id")
  func begins() async throws {
    let broker = InMemoryBroker()
    let consumer = TestConsumer(handlers: [], begin: { $0.say(Info("left over"), id: "7") })
    try await withService(TestConsumerService(consumer: consumer), on: web, broker: broker) { _ in
      // The service says "up" as well, before it or after.
      let ids = try await consumer.confirmed(upTo: "7")
      #expect(ids.count <= 2)
    }
  }

  @Test("A service that is replaced listens to the new keys, without a word to the old")
  func renewal() async throws {
    let broker = InMemoryBroker()
    let (statuses, stop) = (AsyncStream.makeStream(of: Agent.Status.self), StopSignal())
    func service(_ key: String) -> TestConsumerService {
      TestConsumerService(
        consumer: TestConsumer(
          keys: [key], handlers: [.on(Echo.self) { echo, _ in Echoed(text: "\(echo.text) \(key)") }]))
    }
    let renewal = Renewal(service("old"))
    let agent = Agent(service("old"), on: web, broker: broker, logger: .discarding)
    // Ended by the stop below.
    let running = Task { await agent.run(until: stop, renewal: renewal) { statuses.continuation.yield($0) } }
    var iterator = statuses.stream.makeAsyncIterator()
    #expect(await iterator.next() == .listening(consumers: 1))
    renewal.renew(service("new"))
    #expect(await iterator.next() == .listening(consumers: 1))
    let answers = try await API("baton_test", broker: broker).ask(Echo(text: "hello"), of: "new", count: 1)
    guard case .reply(let echoed)? = answers.first?.outcome else { throw CancellationError() }
    #expect(echoed.text == "hello new")
    #expect(broker.queues.count == 1)
    let queue = try #require(broker.queues.first)
    #expect(broker.keys(of: queue, in: "baton_test_in") == ["new", "new.web1.example"])
    stop.request()
    await running.value
  }
}

/// A consumer that is put together for a test.
struct TestConsumer: Consumer {
  var keys = ["production"]
  let handlers: [Handler]
  var begin: @Sendable (Voice) async -> Void = { _ in }
  private let ids = AsyncStream.makeStream(of: String.self)

  init(
    keys: [String] = ["production"], handlers: [Handler], begin: @escaping @Sendable (Voice) async -> Void = { _ in }
  ) {
    self.keys = keys
    self.handlers = handlers
    self.begin = begin
  }

  func routingKeys(on server: Server) -> [String] { keys }
  func begin(with voice: Voice) async { await begin(voice) }
  func confirmed(_ id: String) { ids.continuation.yield(id) }

  /// Waits until the message with that id is confirmed; gives all that are until then.
  func confirmed(upTo last: String) async throws -> [String] {
    var confirmed: [String] = []
    for await id in ids.stream {
      confirmed.append(id)
      if id == last { return confirmed }
    }
    throw CancellationError()
  }
}

struct TestConsumerService: Service {
  let name = "baton_test"
  let consumer: TestConsumer

  init() { consumer = TestConsumer(handlers: []) }
  init(consumer: TestConsumer) { self.consumer = consumer }

  func consumers(on server: Server) -> [any Consumer] { [consumer] }
}
