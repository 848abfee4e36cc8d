public import Baton

extension Service {
  /// The `main` of an extension that is one service: `@main struct PingService: Service`.
  ///
  /// The program's name is the service's, with dashes: `baton_ping` is `baton-ping`.
  public static func main() {
    let service = Self()
    let program = service.name.replacing("_", with: "-")
    Program.main(
      Command(
        program, abstract: "Answer requests on \(service.name)_in, or ask.",
        subcommands: [
          service.serveCommand(program: program), service.askCommand(program: program), service.schemaCommand(),
        ], default: "serve"))
  }

  /// The subcommand `serve`, for a program that has others beside it.
  ///
  /// - Parameter journal: where what is said and not yet confirmed is kept on disk, for a service that must not lose it.
  public func serveCommand(
    program: String, journal: @escaping @Sendable (Configuration) throws -> (any OutboxJournal)? = { _ in nil }
  ) -> Command {
    ServiceProcess.command(program: program, abstract: "Run the service (the default).") { configuration, _ in
      let server = try Facts(configuration).server
      let journal = try journal(configuration)
      return { process in
        let agent = Agent(
          self, on: server, broker: process.broker, observers: [LogObserver(logger: process.logger)],
          logger: process.logger, durable: configuration.durable, journal: journal)
        await agent.run(until: process.stop) { process.report($0) }
      }
    }
  }
}
