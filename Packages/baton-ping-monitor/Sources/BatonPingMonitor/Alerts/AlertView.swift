import Baton

/// An alert as it is shown and handed on: flat, times in ISO 8601, what is empty left out.
package struct AlertView: Encodable, Sendable {
  private let alert: Alert
  private let kind: Notice.Kind?
  private let isTest: Bool

  package init(_ alert: Alert) {
    self.alert = alert
    kind = nil
    isTest = false
  }

  init(_ notice: Notice) {
    alert = notice.alert
    kind = notice.kind
    isTest = notice.isTest
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    func put(_ text: String?, _ key: CodingKeys) throws {
      if let text, !text.isEmpty { try container.encode(text, forKey: key) }
    }
    try put(kind?.rawValue, .kind)
    try put(alert.key, .id)
    try put(alert.subject.name, .alert)
    try put(alert.state.rawValue, .state)
    try put(alert.severity.rawValue, .severity)
    try put(alert.subject.environment, .environment)
    try put(alert.subject.host, .host)
    try put(alert.subject.app, .app)
    try put(alert.subject.detail, .detail)
    try put(alert.summary, .summary)
    try put(alert.startedAt.text, .startedAt)
    try put(alert.updatedAt.text, .updatedAt)
    try put(alert.resolvedAt?.text, .resolvedAt)
    try container.encode(alert.count, forKey: .count)
    if alert.isFlapping { try container.encode(true, forKey: .isFlapping) }
    if isTest { try container.encode(true, forKey: .isTest) }
    try put(alert.deploy, .deploy)
    try put(alert.silence, .silence)
  }

  private enum CodingKeys: String, CodingKey {
    case kind, id, alert, state, severity, environment, host, app, detail, summary, count, deploy, silence
    case startedAt = "started_at"
    case updatedAt = "updated_at"
    case resolvedAt = "resolved_at"
    case isFlapping = "flapping"
    case isTest = "test"
  }
}
