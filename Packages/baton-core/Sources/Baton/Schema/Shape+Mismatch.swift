extension Shape {
  /// The first place in a value that is not as it should be: where it is, and what was wanted there; nil if all is well.
  func mismatch(in value: JSONValue) -> (path: [String], expected: Shape)? {
    switch (self, value) {
    case (.any, _), (.string, .string), (.boolean, .bool), (.number, .int), (.number, .double): nil
    case (.integer(let minimum, let maximum), .int(let number))
    where (minimum ?? .min) <= number && number <= (maximum ?? .max): nil
    case (.choice(let values), _) where values.contains(value): nil
    case (.array(let element), .array(let values)): Self.first(values.enumerated().map { ("\($0)", element, $1) })
    case (.map(let shape), .object(let members)):
      Self.first(members.sorted { $0.key < $1.key }.map { ($0.key, shape, $0.value) })
    case (.object(let fields), .object(let members)): Self.first(fields.compactMap { Self.member($0, of: members) })
    default: ([], self)
    }
  }

  /// A member to look at; an optional one may be absent or null.
  private static func member(
    _ field: Field, of members: [String: JSONValue]
  ) -> (name: String, shape: Shape, value: JSONValue)? {
    let value = members[field.name] ?? .null
    return field.isOptional && value == .null ? nil : (field.name, field.shape, value)
  }

  private static func first(
    _ places: [(name: String, shape: Shape, value: JSONValue)]
  ) -> (path: [String], expected: Shape)? {
    for (name, shape, value) in places {
      if let (path, expected) = shape.mismatch(in: value) { return ([name] + path, expected) }
    }
    return nil
  }
}
