/// What a sink is told of an alert: that it began, became better or worse, or is over.
package struct Notice: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Codable {
    case firing, changed, resolved
  }

  package let kind: Kind
  /// As it was at that moment.
  package let alert: Alert
  /// What the sink held it for until now.
  package let previous: Severity?
  package let at: Moment

  /// Whether nothing is wrong, and somebody only tries the sink.
  package var isTest: Bool { alert.subject.name == Self.testName }

  static let testName = "BatonTest"

  /// To try a sink: that something is wrong, and that it is over.
  package static func trial(from host: String, at now: Moment) -> [Notice] {
    let firing = Alert(
      subject: .init(name: testName, environment: "test", host: host), state: .firing, severity: .info,
      summary: "a test of baton-ping-monitor: nothing is wrong", startedAt: now, updatedAt: now)
    var resolved = firing
    resolved.state = .resolved
    resolved.resolvedAt = now
    return [
      Notice(kind: .firing, alert: firing, previous: nil, at: now),
      Notice(kind: .resolved, alert: resolved, previous: .info, at: now),
    ]
  }
}

extension Notice {
  /// One line: `FIRING critical: HostSilent production/web1.example: it has not been heard since …`
  var line: String {
    let subject = alert.subject
    let place = [subject.environment, subject.host, subject.app].filter { !$0.isEmpty }.joined(separator: "/")
    let word = kind == .resolved ? "RESOLVED" : "FIRING"
    let extra = [alert.isFlapping ? "flapping" : nil, alert.deploy.map { "during deploy \($0)" }].compactMap { $0 }
    let behind = extra.isEmpty ? "" : " (\(extra.joined(separator: ", ")))"
    return "\(word) \(alert.severity.rawValue): \(subject.name) \(place): \(alert.summary)\(behind)"
  }
}

/// A notice on its way to a sink.
package struct Delivery: Sendable, Hashable {
  package let sink: String
  package let notice: Notice
}
