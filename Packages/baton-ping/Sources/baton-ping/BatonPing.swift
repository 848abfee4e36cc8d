import BatonCLI
import BatonPing

@main
struct BatonPing {
  static func main() {
    Program.main(
      Command(
        "baton-ping", abstract: "Service discovery: ask who is there, and answer.",
        subcommands: [PingService().serveCommand(program: "baton-ping"), AskCommand.command], default: "serve"))
  }
}
