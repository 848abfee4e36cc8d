import BatonCLI
import Scaffold

@main
struct Batonize {
  static func main() {
    Program.main(
      Command(
        "batonize", abstract: "Make an extension of baton of your own.",
        subcommands: [PackageCommand.command("package"), PackageCommand.command("gem")]))
  }
}
