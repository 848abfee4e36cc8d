import AMQP
public import Baton

/// Runs a service on some servers, on a broker of the test's own, while `body` asks it things.
///
/// ```swift
/// try await withService(PingService(), on: web, db) { api in
///   let pongs = try await api.ask(Ping(), of: "production", count: 2)
///   #expect(Set(pongs.map(\.sender)) == [web, db])
/// }
/// ```
/// - Parameters:
///   - broker: pass one to look into it, to have it fail, or to run the same test on a real RabbitMQ.
///   - observers: see what the services say.
///   - clock: pass a ``TestClock`` to turn it: waits before reconnecting, and deadlines of what is asked, go by it.
public func withService<Result>(
  _ service: some Service, on servers: Server..., broker: any Broker = InMemoryBroker(),
  observers: [any Observer] = [], clock: any Clock<Duration> = ContinuousClock(), body: (API) async throws -> Result
) async throws -> Result {
  let stop = StopSignal()
  let logger = Logger.discarding
  let listening = servers.map { _ in Promise<Void>() }
  // Ended by the stop, whatever `body` does; awaited below.
  let agents = zip(servers, listening).map { server, listening in
    Task {
      let agent = Agent(service, on: server, broker: broker, observers: observers, logger: logger, clock: clock)
      await agent.run(until: stop) { if case .listening = $0 { listening.succeed(()) } }
    }
  }
  func end() async {
    stop.request()
    // A clock that stands still would have the agents wait for ever for a handler that does not end.
    let turning = (clock as? TestClock).map { clock in
      Task { while true { try await clock.advance(by: .seconds(60)) } }
    }
    for agent in agents { await agent.value }
    turning?.cancel()
  }
  do {
    for promise in listening { try await promise.value }
    let result = try await body(API(service.name, broker: broker, clock: clock))
    await end()
    return result
  } catch {
    await end()
    throw error
  }
}
