import BatonCLI
import BatonPing

@main
struct BatonPing {
  static func main() {
    let program = "baton-ping"
    let service = PingService()
    // There is one thing to ask: it needs no word of its own.
    let ask = Command.ask(
      Ping.self, named: "ask", of: service.name, program: program,
      abstract: "Ask the servers of environments whether they are there.")
    Program.main(
      Command(
        program, abstract: "Service discovery: ask who is there, and answer.",
        subcommands: [service.serveCommand(program: program), ask, service.schemaCommand()], default: "serve"))
  }
}
