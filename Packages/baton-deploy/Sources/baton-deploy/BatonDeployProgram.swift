import BatonCLI

@main
struct BatonDeployProgram {
  static func main() {
    Program.main(
      Command(
        "baton-deploy", abstract: "Deploy applications to servers.",
        subcommands: [ServeCommand.command, WebCommand.command, UnpackCommand.command] + OperatorCommands.all,
        default: "serve"))
  }
}
