/// The messages that a service takes and those it answers with, as JSON Schema: for authors of clients in other languages.
public struct ServiceSchema: Encodable, Sendable {
  /// One document; its definitions are called `<request's type>.request` and `<request's type>.reply`.
  public let document: JSONValue

  /// Throws ``ShapeError`` if the shape of a message cannot be found.
  public init(_ service: some Service) throws(ShapeError) {
    let exchanges = ExchangeNames(service.name)
    var definitions = ["error": try Self.schema(of: Failure.self, sender: true, "Any request may be answered with it.")]
    for request in service.requests {
      try Self.define(request, exchanges, in: &definitions)
    }
    document = .object([
      "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
      "title": .string(service.name),
      "description": .string("Requests go to \(exchanges.input), answers come out of \(exchanges.output)."),
      "$defs": .object(definitions),
      "anyOf": .array(definitions.keys.sorted().map { .object(["$ref": .string("#/$defs/\($0)")]) }),
    ])
  }

  private static func define<R: Request>(
    _ request: R.Type, _ exchanges: ExchangeNames, in definitions: inout [String: JSONValue]
  ) throws(ShapeError) {
    definitions["\(R.type).request"] = try schema(
      of: R.self, sender: false, "Published to \(exchanges.input); answered with \(R.type).reply.")
    definitions["\(R.type).reply"] = try schema(
      of: R.Reply.self, sender: true, "Comes out of \(exchanges.output); answers \(R.type).request.")
  }

  /// The members of a body: those of the message, of its sender where it has one, and `type`.
  private static func schema<M: Message>(
    of message: M.Type, sender: Bool, _ description: String
  ) throws(ShapeError) -> JSONValue {
    // A peer may leave out what it is; it should not.
    let server = sender ? try Shape(of: Server.self).fields : []
    let type = Shape.Field(name: "type", shape: .choice([.string(M.type)]), isOptional: false)
    let shape = Shape.object([type] + (try Shape(of: M.self)).fields + server)
    guard case .object(var members) = shape.jsonSchema else { return shape.jsonSchema }
    members["description"] = .string(description)
    return .object(members)
  }

  public func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }
}

extension Service {
  /// The types of request that it has a handler for, in the order of their consumers.
  ///
  /// A service that sets up other consumers on other servers is asked for those of a server without applications.
  public var requests: [any Request.Type] {
    consumers(on: Server(environment: "development", fqdn: "localhost")).flatMap { $0.handlers.map(\.request) }
  }
}
