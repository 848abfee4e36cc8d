import Baton

/// PagerDuty's Events API, version 2: the alert's key is the deduplication key, so that telling it twice is telling it once.
///
/// Source: <https://developer.pagerduty.com/docs/send-alert-event>.
struct PagerDutySink: Sink {
  static let standardURL = "https://events.pagerduty.com/v2/enqueue"

  let endpoint: Endpoint
  let routingKey: Secret
  let batch = 1

  func tell(_ notices: [Notice]) async throws {
    for notice in notices { try await endpoint.post(JSONText.encode(Event(notice, routingKey: routingKey.value))) }
  }

  func check() async throws { try await endpoint.reach() }

  private struct Event: Encodable {
    let routingKey: String
    let action: String
    let key: String
    let payload: Payload

    init(_ notice: Notice, routingKey: String) {
      self.routingKey = routingKey
      action = notice.kind == .resolved ? "resolve" : "trigger"
      // It takes 255 characters.
      key = notice.alert.key.utf8.count <= 255 ? notice.alert.key : Signature.sha256([UInt8](notice.alert.key.utf8))
      payload = Payload(notice)
    }

    enum CodingKeys: String, CodingKey {
      case payload
      case routingKey = "routing_key"
      case action = "event_action"
      case key = "dedup_key"
    }
  }

  private struct Payload: Encodable {
    let summary: String
    let source: String
    let severity: String
    let timestamp: String
    let component: String?
    let group: String?
    let kind: String
    let details: AlertView

    init(_ notice: Notice) {
      let subject = notice.alert.subject
      summary = String(notice.line.prefix(1024))
      source = subject.host.isEmpty ? "baton-ping-monitor" : subject.host
      severity = notice.alert.severity.rawValue
      timestamp = notice.alert.startedAt.text
      component = subject.app.isEmpty ? nil : subject.app
      group = subject.environment.isEmpty ? nil : subject.environment
      kind = subject.name
      details = AlertView(notice)
    }

    enum CodingKeys: String, CodingKey {
      case summary, source, severity, timestamp, component, group
      case kind = "class"
      case details = "custom_details"
    }
  }
}
