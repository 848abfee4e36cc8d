import Baton
import BatonCLI

/// `baton config show`: every value, and where it came from.
enum ConfigCommand {
  private static let json = Option<Bool>.flag("json", help: "Write one JSON document.")

  static let command = Command(
    "config", abstract: "Look at the configuration.",
    subcommands: [
      Command(
        "show", abstract: "Show each value and where it came from; passwords are covered.",
        options: [json.spec] + CommonOptions.specs
      ) { arguments in
        let configuration = try CommonOptions.configuration(arguments, program: "baton")
        if try arguments[json] {
          let values = configuration.shown.map { ["key": $0.key, "value": $0.value, "origin": $0.origin] }
          Output.standard.writeLine(String(decoding: try JSONText.encode(values), as: UTF8.self))
        } else {
          var table = Table([.init("KEY"), .init("VALUE"), .init("FROM")])
          for value in configuration.shown { table.append([value.key, value.value, value.origin]) }
          Output.standard.write(table.text)
        }
        for warning in configuration.warnings {
          Output.error.writeLine("warning: \(warning)".escapingControlCharacters)
        }
        return .success
      }
    ])
}
