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
  public func serveCommand(program: String) -> Command {
    ServiceProcess.command(program: program, abstract: "Run the service (the default).") { configuration in
      let server = try Facts(configuration).server
      return { process in
        let agent = Agent(
          self, on: server, broker: process.broker, observers: [LogObserver(logger: process.logger)],
          logger: process.logger, durable: configuration.durable)
        await agent.run(until: process.stop) { process.report($0) }
      }
    }
  }
}
