import AMQP
import BatonTesting
import Testing

@testable import Baton

struct AskingTests {
  private let web = Server(environment: "production", fqdn: "web1.example")

  @Test(
    "A broker that takes no messages is told of as such, not as a silence",
    arguments: [
      ("low on memory", "memory alarm"), ("low on disk", "disk alarm"), ("because", "because"),
    ])
  func blocked(reason: String, said: String) async throws {
    let broker = InMemoryBroker()
    broker.blocked = reason
    let api = API("baton_test", broker: broker, clock: ImmediateClock())
    let error = await #expect(throws: AMQPError.self) {
      for try await _ in api.ask(Echo(text: "x"), of: ["production"]) {}
    }
    #expect(error == AMQPError(.blocked, "broker blocked: \(said)", while: "ask"))
  }

  @Test("A request that had to wait for the broker is answered once it has been taken")
  func blockedLater() async throws {
    let broker = InMemoryBroker()
    try await withService(EchoService(), on: web, broker: broker) { api in
      broker.blocked = "low on memory"
      async let answers = api.ask(Echo(text: "x"), of: "production", count: 1, deadline: .seconds(60))
      broker.blocked = nil
      let senders = try await answers.map(\.sender)
      #expect(senders == [web])
    }
  }

  @Test("A broker that cannot be reached is told of as such")
  func unreachable() async {
    let broker = InMemoryBroker()
    let refusal = AMQPError(.unreachable, "Connection refused", while: "connect to localhost:5672")
    broker.refusal = refusal
    await #expect(throws: refusal) {
      for try await _ in API("baton_test", broker: broker).ask(Echo(text: "x"), of: ["production"]) {}
    }
  }

  @Test("A connection that is lost on the way ends it with an error")
  func lost() async throws {
    let broker = InMemoryBroker()
    let channel = try await broker.channel()
    let queue = try await channel.declare(
      Topology(
        exchanges: [ExchangeDeclaration("baton_test_in")], queue: QueueDeclaration("q"),
        bindings: [.init("baton_test_in", .key("production"))]))
    var heard = try await channel.consume(queue, prefetch: 1).deliveries.makeAsyncIterator()
    // Ended by the loss below, and awaited.
    let asking = Task {
      for try await _ in API("baton_test", broker: broker).ask(
        Echo(text: "x"), of: ["production"], until: Ending(deadline: .seconds(60)))
      {}
    }
    _ = try await heard.next()
    broker.disconnectAll()
    await #expect { try await asking.value } throws: { AMQPError.Code.connectionLost ~= $0 }
  }

  @Test("A request bears what a peer needs to answer it, and no longer than it is waited for")
  func request() async throws {
    let broker = InMemoryBroker()
    let channel = try await broker.channel()
    let queue = try await channel.declare(
      Topology(
        exchanges: [ExchangeDeclaration("baton_test_in")], queue: QueueDeclaration("q"),
        bindings: [.init("baton_test_in", .key("production")), .init("baton_test_in", .key("production.web1"))]))
    let api = API("baton_test", broker: broker, user: "agent")
    // Ended below: what it waits for nobody answers.
    let asking = Task {
      for try await _ in api.ask(Echo(text: "x"), of: ["Production", Target("production", host: "web1")]) {}
    }
    while broker.messages(in: queue).count < 2 { await Task.yield() }
    asking.cancel()
    let requests = broker.messages(in: queue)
    #expect(requests.map(\.routingKey) == ["production", "production.web1"])
    for request in requests {
      #expect(request.mandatory)
      #expect(request.body == [UInt8](#"{"text":"x","type":"echo"}"#.utf8))
      let properties = request.properties
      #expect(properties.contentType == "application/json")
      #expect(properties.deliveryMode == .transient)
      #expect(properties.expiration == "2000")
      #expect(properties.userID == "agent")
      #expect(properties.appID == "baton_test")
      #expect(properties.replyTo?.hasPrefix("amq.gen") == true)
      #expect(properties.timestamp != nil)
    }
    #expect(Set(requests.map(\.properties.correlationID)).count == 1)
    #expect(Set(requests.map(\.properties.messageID)).count == 2)
    #expect(requests[0].properties.headers.isEmpty)
    #expect(requests[1].properties.headers == ["baton-fqdn": "web1", "baton-key": "production"])
  }

  @Test("A request that is only sent says of each target whether anybody listens")
  func send() async throws {
    try await withService(EchoService(), on: web) { api in
      let fates = try await api.send(Echo(text: "x"), to: ["production", "staging"])
      #expect(fates == ["production": .accepted, "staging": .returned(code: 312, reason: "NO_ROUTE")])
    }
  }
}
