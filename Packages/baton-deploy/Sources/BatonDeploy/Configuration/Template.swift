/// A text with `%{name}` in it, for which values are put in.
struct Template: Sendable, Hashable {
  let text: String

  /// The names that it uses.
  var names: [String] {
    text.ranges(of: "%{").compactMap { start in
      let rest = text[start.upperBound...]
      return rest.firstIndex(of: "}").map { String(rest[..<$0]) }
    }
  }

  func filled(_ values: [String: String]) -> String {
    values.reduce(text) { $0.replacing("%{\($1.key)}", with: $1.value) }
  }
}
