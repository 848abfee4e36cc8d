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
public func withService<Result>(
  _ service: some Service, on servers: Server..., broker: any Broker = InMemoryBroker(),
  observers: [any Observer] = [], body: (API) async throws -> Result
) async throws -> Result {
  let stop = StopSignal()
  let logger = Logger.discarding
  let listening = servers.map { _ in Promise<Void>() }
  // Ended by the stop, whatever `body` does; awaited below.
  let agents = zip(servers, listening).map { server, listening in
    Task {
      let agent = Agent(service, on: server, broker: broker, observers: observers, logger: logger)
      await agent.run(until: stop) { if case .listening = $0 { listening.succeed(()) } }
    }
  }
  func end() async {
    stop.request()
    for agent in agents { await agent.value }
  }
  do {
    for promise in listening { try await promise.value }
    let result = try await body(API(service.name, broker: broker))
    await end()
    return result
  } catch {
    await end()
    throw error
  }
}
