/// A condition on an alert, as it is typed: `host=web*.example`, `severity!=critical`.
package struct Matcher: Sendable, Hashable {
  package enum Field: String, Sendable, CaseIterable {
    case alert, environment, host, app, severity, detail
  }

  package let field: Field
  package let isNegated: Bool
  package let pattern: Pattern

  /// Throws in words what is wrong with the text.
  package init(_ text: String) throws(InvalidMatcher) {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { throw InvalidMatcher(text: text) }
    let before = text.index(before: sign)
    isNegated = text[before] == "!"
    guard let field = Field(rawValue: String(text[..<(isNegated ? before : sign)])) else {
      throw InvalidMatcher(text: text)
    }
    self.field = field
    pattern = Pattern(String(text[text.index(after: sign)...]))
  }

  package var text: String { "\(field.rawValue)\(isNegated ? "!=" : "=")\(pattern.text)" }

  package func matches(_ alert: Alert) -> Bool {
    let subject = alert.subject
    let value =
      switch field {
      case .alert: subject.name
      case .environment: subject.environment
      case .host: subject.host
      case .app: subject.app
      case .severity: alert.severity.rawValue
      case .detail: subject.detail
      }
    return pattern.matches(value) != isNegated
  }
}

package struct InvalidMatcher: Error, Hashable, CustomStringConvertible {
  let text: String

  package var description: String {
    "'\(text)' is not a matcher; it wants FIELD=PATTERN or FIELD!=PATTERN, with FIELD one of "
      + "\(Matcher.Field.allCases.map(\.rawValue).joined(separator: ", ")), and * and ? in PATTERN as shells have them"
  }
}

extension Matcher: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do { self = try Matcher(try container.decode(String.self)) } catch let error as InvalidMatcher {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
