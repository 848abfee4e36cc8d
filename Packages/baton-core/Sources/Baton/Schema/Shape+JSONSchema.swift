extension Shape {
  /// As JSON Schema, draft 2020-12 (<https://json-schema.org/draft/2020-12/schema>). Members that are not listed are permitted, since
  /// a reader passes over them.
  public var jsonSchema: JSONValue {
    switch self {
    case .string(let format): schema("string", ["format": format.map { .string($0) }])
    case .boolean: schema("boolean")
    case .integer(let minimum, let maximum):
      schema("integer", ["minimum": minimum.map { .int($0) }, "maximum": maximum.map { .int($0) }])
    case .number: schema("number")
    case .choice(let values): .object(["enum": .array(values)])
    case .array(let element): schema("array", ["items": element.jsonSchema])
    case .map(let value): schema("object", ["additionalProperties": value.jsonSchema])
    case .object(let fields): Self.objectSchema(fields)
    case .any: .object([:])
    }
  }

  private static func objectSchema(_ fields: [Field]) -> JSONValue {
    let needed = fields.filter { !$0.isOptional }.map { JSONValue.string($0.name) }
    var members: [String: JSONValue] = [
      "type": .string("object"),
      "properties": .object(Dictionary(fields.map { ($0.name, $0.shape.jsonSchema) }) { first, _ in first }),
    ]
    if !needed.isEmpty { members["required"] = .array(needed) }
    return .object(members)
  }

  private func schema(_ type: String, _ members: [String: JSONValue?] = [:]) -> JSONValue {
    .object(members.compactMapValues { $0 }.merging(["type": .string(type)]) { first, _ in first })
  }
}
