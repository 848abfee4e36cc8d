/// Which alerts go to a sink.
package struct SinkFilter: Sendable, Hashable {
  /// What is less bad does not go there.
  package var severity = Severity.info
  /// All of them must match.
  package var matchers: [Matcher] = []

  func admits(_ alert: Alert) -> Bool { alert.severity >= severity && matchers.allSatisfy { $0.matches(alert) } }
}
