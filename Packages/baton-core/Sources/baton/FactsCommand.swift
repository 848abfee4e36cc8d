import Baton
import BatonCLI

/// `baton facts`: what this host is to baton, and why.
enum FactsCommand {
  private static let json = Option<Bool>.flag("json", help: "Write one JSON document.")

  static let command = Command(
    "facts", abstract: "Show what this host says of itself, and where that comes from.",
    options: [json.spec] + CommonOptions.specs
  ) { arguments in
    let facts = try Facts(try CommonOptions.configuration(arguments, program: "baton"))
    let server = facts.server
    if try arguments[json] {
      Output.standard.writeLine(String(decoding: try JSONText.encode(server), as: UTF8.self))
      return .success
    }
    var table = Table([.init("FACT"), .init("VALUE"), .init("FROM")])
    for (name, value) in [
      ("environment", server.environment), ("fqdn", server.fqdn), ("app_names", server.appNames.joined(separator: " ")),
    ] {
      table.append([name, value, facts.origins[name] ?? ""])
    }
    Output.standard.write(table.text)
    return .success
  }
}
