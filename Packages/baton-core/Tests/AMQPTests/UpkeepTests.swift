import TestSupport
import Testing

@testable import AMQP

@Suite("Bindings looked after")
struct UpkeepTests {
  /// The pauses before each of so many looks, in milliseconds, on a broker that takes so long to answer.
  private func pauses(_ count: Int, answering time: Int64) throws -> [Int64] {
    var now = Moment.now
    var upkeep = Upkeep([.prefetch(1)], at: now)
    return try (1...count).map { _ in
      let next = try #require(upkeep.next)
      let begins = [next + -1, next, next + 60_000].map { upkeep.begin(at: $0) }
      #expect(begins == [false, true, false])
      defer {
        now = next + time
        upkeep.end(at: now)
      }
      return next - now
    }
  }

  @Test("It looks every three seconds, a third less or more, and not in step with others")
  func quick() throws {
    let pauses = try pauses(50, answering: 1)
    #expect(pauses.allSatisfy { (2000...4000).contains($0) })
    #expect(Set(pauses).count > 40)
  }

  @Test("A broker that is slow to answer is looked at less often, and never less than every ten seconds or so")
  func slow() throws {
    let pauses = try pauses(50, answering: 250)
    #expect(pauses.prefix(2).allSatisfy { (2000...4000).contains($0) })
    #expect(pauses.dropFirst(2).allSatisfy { (3333...6667).contains($0) })
    #expect(try self.pauses(50, answering: 5000).dropFirst(2).allSatisfy { (6666...13_334).contains($0) })
  }

  @Test(
    "What is kept up is performed again and again; what the broker refuses ends the channel and what it consumes",
    .enabled(if: RealBroker.isThere, "needs BATON_RABBIT_PORT"), .timeLimit(.minutes(1)))
  func performed() async throws {
    let connection = try await Connection.open(RealBroker.options)
    let exchange = ExchangeDeclaration(RealBroker.unique("exchange"), durable: false)
    let channel = try await connection.channel(performing: [.declareExchange(exchange)])
    let queue = try await channel.perform([.declareQueue(.serverNamed)])[0].name
    let deliveries = try await channel.consume(queue).deliveries
    try channel.keepUp([.bind(queue: queue, exchange: exchange.name, routingKey: "key")])
    let other = try await connection.channel(performing: [.confirmSelect])
    var isBound = false
    while !isBound {
      let publishing = Publishing(exchange: exchange.name, routingKey: "key", mandatory: true, body: [])
      isBound = try await other.publish([publishing]) == [.accepted]
    }
    _ = try await deliveries.first(1)
    try await other.perform([.deleteExchange(exchange.name)])
    await #expect {
      for try await _ in deliveries {}
    } throws: {
      ($0 as? AMQPError)?.code == .notFound && "\($0)".contains("bind queue")
    }
  }
}
