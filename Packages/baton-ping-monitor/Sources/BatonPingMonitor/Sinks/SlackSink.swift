import Baton

/// An incoming webhook as Slack has it, and Mattermost and others after it: several alerts become one message.
///
/// Source: <https://api.slack.com/messaging/webhooks>; one message a second, <https://api.slack.com/apis/rate-limits>.
struct SlackSink: Sink {
  let endpoint: Endpoint
  let batch = 100
  /// Lines of one message; of the rest only the number is told.
  static let lines = 20

  func tell(_ notices: [Notice]) async throws {
    try await endpoint.post(JSONText.encode(["text": Self.text(notices)]))
  }

  func check() async throws { try await endpoint.reach() }

  static func text(_ notices: [Notice]) -> String {
    var lines = notices.prefix(Self.lines).map { escape($0.line) }
    if notices.count > Self.lines { lines.append("and \(notices.count - Self.lines) more") }
    if notices.count > 1 {
      let over = notices.count { $0.kind == .resolved }
      lines.insert("\(notices.count - over) firing, \(over) resolved", at: 0)
    }
    return lines.joined(separator: "\n")
  }

  /// The three characters that Slack takes for markup.
  private static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
