import AMQP
import Baton
import BatonTesting
import Testing

@testable import Simulation

struct SimulatedFleetTests {
  private struct Ping: Request {
    static let type = "ping"
    typealias Reply = Pong
  }

  private struct Pong: Message {
    static let type = "pong"
  }

  private let broker = InMemoryBroker()
  private var api: API { API("baton_ping", broker: broker) }

  /// Runs a fleet while `body` looks at it, and ends it.
  private func withFleet(
    of servers: [Server], _ behaviour: Behaviour = Behaviour(), _ body: (Tally) async throws -> Void
  ) async throws -> Tally.Counts {
    let stop = StopSignal()
    let fleet = SimulatedFleet(servers, behaviour: behaviour, connections: 3, broker: broker, logger: .discarding)
    // Ended by the stop below, and awaited.
    let running = Task { await fleet.run(until: stop) }
    let result: Result<Void, any Error>
    do { result = .success(try await body(fleet.tally)) } catch { result = .failure(error) }
    stop.request()
    await running.value
    try result.get()
    return fleet.tally.counts
  }

  @Test("Each host has a queue of its own, and answers as itself")
  func answers() async throws {
    let servers = SimulatedFleet.servers(130, environments: ["a", "b"], appNames: ["shop"])
    let counts = try await withFleet(of: servers) { tally in
      try await tally.waitForAll()
      #expect(broker.queues.count == 130)
      let all = try await api.ask(Ping(), of: "a", count: 65)
      #expect(Set(all.map(\.sender)) == Set(servers.filter { $0.environment == "a" }))
      let one = try await api.ask(Ping(), of: Target("b", host: "host00002.sim.example"), count: 1)
      #expect(one.map(\.sender) == [servers[1]])
    }
    #expect(counts == Tally.Counts(present: 0, answers: 66, departures: 130))
    #expect(broker.queues.isEmpty)
  }

  @Test("Those that are to fail do, those that are to be silent are")
  func manners() async throws {
    var failing = Behaviour()
    failing.failures = 1
    _ = try await withFleet(of: SimulatedFleet.servers(5, environments: ["a"]), failing) { tally in
      try await tally.waitForAll()
      let answers = try await api.ask(Ping(), of: "a", count: 5)
      #expect(
        answers.count { if case .failed(let failure) = $0.outcome { failure.errorClass == "Simulated" } else { false } }
          == 5)
    }
    var silent = Behaviour()
    silent.silences = 1
    let counts = try await withFleet(of: SimulatedFleet.servers(5, environments: ["b"]), silent) { tally in
      try await tally.waitForAll()
      #expect(try await api.ask(Ping(), of: "b", count: 5, deadline: .milliseconds(50)).isEmpty)
    }
    #expect(counts.answers == 0)
  }

  @Test("Hosts leave and join again, and say so")
  func churn() async throws {
    var restless = Behaviour()
    restless.stay = .milliseconds(5)
    restless.absence = .milliseconds(1)
    let ears = try await broker.channel()
    let queue = try await ears.declare(
      Topology(
        exchanges: [ExchangeDeclaration("baton_ping_out")], queue: .serverNamed,
        bindings: [.init("baton_ping_out", .key(""))]))
    let heard = try await ears.consume(queue, prefetch: 1000)
    _ = try await withFleet(of: SimulatedFleet.servers(1, environments: ["a"]), restless) { _ in
      var types: [String] = []
      for try await batch in heard.deliveries {
        for delivery in batch {
          types.append(try AnyMessage(delivery).type)
          heard.settle(delivery, .acknowledge)
        }
        if types.count >= 4 { break }
      }
      #expect(types.prefix(4) == ["up", "down", "up", "down"])
    }
  }

  @Test("After a lost connection all are there again")
  func recovers() async throws {
    _ = try await withFleet(of: SimulatedFleet.servers(20, environments: ["a"])) { tally in
      try await tally.waitForAll()
      broker.disconnectAll()
      var answers: [Answer<Pong>] = []
      while answers.count < 20 { answers = try await api.ask(Ping(), of: "a", count: 20) }
    }
  }
}
