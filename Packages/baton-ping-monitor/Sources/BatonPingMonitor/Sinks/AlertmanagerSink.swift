import Baton

/// Prometheus Alertmanager, version 2 of its interface: labels say which alert it is, `endsAt` that it is over.
///
/// Source: <https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml>.
struct AlertmanagerSink: Sink {
  let endpoint: Endpoint
  let batch = 100

  func tell(_ notices: [Notice]) async throws {
    try await endpoint.post(JSONText.encode(notices.flatMap(Posting.postings)), path: "/api/v2/alerts")
  }

  func check() async throws { try await endpoint.get("/-/ready") }

  private struct Posting: Encodable {
    let labels: [String: String]
    let annotations: [String: String]
    let startsAt: String
    let endsAt: String?

    /// The severity is a label, and so part of what the alert is: another severity is the end of one alert and the beginning of another.
    static func postings(_ notice: Notice) -> [Posting] {
      let end = notice.kind == .resolved ? (notice.alert.resolvedAt ?? notice.at) : nil
      var postings = [Posting(notice.alert, severity: notice.alert.severity, endsAt: end)]
      if let previous = notice.previous, previous != notice.alert.severity {
        postings.insert(Posting(notice.alert, severity: previous, endsAt: notice.at), at: 0)
      }
      return postings
    }

    private init(_ alert: Alert, severity: Severity, endsAt: Moment?) {
      let labels = [
        "alertname": alert.subject.name, "severity": severity.rawValue, "environment": alert.subject.environment,
        "host": alert.subject.host, "app": alert.subject.app, "detail": alert.subject.detail,
      ]
      self.labels = labels.filter { !$0.value.isEmpty }
      annotations = [
        "summary": alert.summary, "count": "\(alert.count)", "deploy": alert.deploy ?? "",
        "flapping": alert.isFlapping ? "true" : "",
      ].filter { !$0.value.isEmpty }
      startsAt = alert.startedAt.text
      self.endsAt = endsAt?.text
    }
  }
}
