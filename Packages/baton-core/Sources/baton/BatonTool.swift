import BatonCLI

@main
struct BatonTool {
  static func main() {
    Program.main(
      Command(
        "baton", abstract: "Look at what baton does, and speak its messages by hand.",
        subcommands: [
          PublishCommand.command, WatchCommand.command, FactsCommand.command, ConfigCommand.command,
          BrokerSetupCommand.command, KeygenCommand.command, DoctorCommand.command,
        ]))
  }
}
