public import Baton

extension Service {
  /// The subcommand `schema` of a program: what the service takes and answers, as JSON Schema.
  public func schemaCommand() -> Command {
    Command(
      "schema", abstract: "Show the JSON Schema of the requests and their answers.",
      discussion: "For clients in other languages; the draft is 2020-12."
    ) { _ in
      Output.standard.writeLine(String(decoding: try JSONText.encode(try ServiceSchema(self)), as: UTF8.self))
      return .success
    }
  }
}
