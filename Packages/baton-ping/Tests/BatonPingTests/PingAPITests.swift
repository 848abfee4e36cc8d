import AMQP
import Baton
import BatonPing
import BatonTesting
import Testing

struct PingAPITests {
  private let web = Server(environment: "production", fqdn: "web1.example", appNames: ["shop"])
  private let dev = Server(environment: "development", fqdn: "dev1.example")

  /// What becomes of a ping: for each host its outcome in one word.
  private func ping(
    _ environments: [String], hosts: [String] = [], until ending: Ending = Ending(deadline: .seconds(30)),
    legacy: Bool = false, on broker: InMemoryBroker
  ) async throws -> [String] {
    var fates: [String] = []
    for try await answer in PingAPI(broker: broker).ping(environments, hosts: hosts, until: ending, legacy: legacy) {
      let word =
        switch answer.outcome {
        case .reply: "reply"
        case .notConnected: "not connected"
        case .silent: "silent"
        default: "\(answer.outcome)"
        }
      fates.append("\(answer.sender.environment) \(answer.sender.fqdn) \(word)")
    }
    return fates.sorted()
  }

  @Test("Several environments, written as anybody likes")
  func environments() async throws {
    let broker = InMemoryBroker()
    try await withService(PingService(), on: web, dev, broker: broker) { _ in
      let fates = try await ping(
        ["Production", "development", "staging"], until: Ending(deadline: .seconds(30), count: 2), on: broker)
      #expect(fates == ["development dev1.example reply", "production web1.example reply", "staging  not connected"])
    }
  }

  @Test("Named hosts are looked for in each environment, and each has one fate")
  func hosts() async throws {
    let broker = InMemoryBroker()
    try await withService(PingService(), on: web, dev, broker: broker) { _ in
      let fates = try await ping(
        ["production", "development"], hosts: ["web1.example", "dev1.example", "db9.example"], on: broker)
      #expect(fates.count == 3)
      #expect(fates.contains("development dev1.example reply"))
      #expect(fates.contains("production web1.example reply"))
      #expect(fates.contains { $0.hasSuffix(" db9.example not connected") })
    }
  }

  @Test(
    "A host of the gem, which answers under the empty key without a word of the request, is heard if that is wanted")
  func legacy() async throws {
    let broker = InMemoryBroker()
    let channel = try await broker.channel()
    let queue = try await channel.declare(
      Topology(
        exchanges: [ExchangeDeclaration("baton_ping_in"), ExchangeDeclaration("baton_ping_out")], queue: .serverNamed,
        bindings: [.init("baton_ping_in", .key("production"))]))
    let subscription = try await channel.consume(queue, prefetch: 1)
    // Ended by the closing of its channel below, and awaited.
    let gem = Task {
      for try await batch in subscription.deliveries {
        for delivery in batch {
          #expect(delivery.body == [UInt8](#"{"type":"ping"}"#.utf8))
          let body = #"{"type":"pong","environment":"production","fqdn":"ruby1","app_names":[]}"#
          _ = try await channel.publish([
            Publishing(exchange: "baton_ping_out", routingKey: "", body: [UInt8](body.utf8))
          ])
          subscription.settle(delivery, .acknowledge)
        }
      }
    }
    let ending = Ending(deadline: .seconds(30), count: 1)
    #expect(try await ping(["production"], until: ending, legacy: true, on: broker) == ["production ruby1 reply"])
    #expect(
      try await ping(["production"], hosts: ["ruby1"], legacy: true, on: broker) == ["production ruby1 reply"])
    let deaf = Ending(deadline: .milliseconds(50))
    #expect(try await ping(["production"], until: deaf, legacy: false, on: broker).isEmpty)
    await channel.close()
    _ = await gem.result
  }
}
