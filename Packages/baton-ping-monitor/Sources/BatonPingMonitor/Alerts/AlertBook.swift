import Baton

/// All alerts, open and lately resolved: takes in what is found wrong and what is well again, and gives each trouble one alert.
///
/// It tells nobody anything: the ``Dispatcher`` looks at what an alert is now and what each sink was told.
package struct AlertBook: Sendable {
  /// How long a resolved alert is remembered, to be looked at.
  static let memory: Duration = .seconds(24 * 3600)

  private(set) var alerts: [String: Alert] = [:]
  /// What ended by itself needs its damping until then.
  private var damping: [String: Damping] = [:]
  /// Keys of alerts that have changed since ``takeChanged()``.
  private var changed: Set<String> = []

  package init(_ alerts: [Alert] = []) {
    for alert in alerts { self.alerts[alert.key] = alert }
  }

  /// It is wrong, now.
  package mutating func raise(_ finding: Finding, at now: Moment, deploy: String? = nil) {
    let key = finding.subject.key
    var alert =
      alerts[key]
      ?? Alert(
        subject: finding.subject, severity: finding.severity, summary: finding.summary, startedAt: now, updatedAt: now)
    damping[key] = finding.damping
    if alert.state == .resolved { alert.beginAnew(finding, at: now) }
    alert.count += 1
    alert.updatedAt = now
    alert.severity = finding.severity
    alert.summary = finding.summary
    alert.expiresAt = finding.lasts.map { now + $0 }
    if alert.state == .pending {
      alert.occurrences.removeAll { $0 <= now - finding.threshold.window }
      alert.occurrences.append(now)
      alert.occurrences.removeFirst(max(0, alert.occurrences.count - finding.threshold.count))
      // What was not enough is forgotten when its window is over.
      if alert.occurrences.count < finding.threshold.count {
        alert.expiresAt = now + finding.threshold.window
        return keep(alert)
      }
      alert.state = .firing
      alert.startedAt = alert.occurrences.first ?? now
      alert.deploy = deploy
      alert.occurrences = []
    }
    if !alert.isActive {
      alert.isActive = true
      alert.damper.changed(at: now, finding.damping)
      alert.isFlapping = alert.damper.isFlapping
    }
    keep(alert)
  }

  /// It is well again; nothing happens if it was not wrong.
  package mutating func clear(_ key: String, at now: Moment) {
    guard var alert = alerts[key], alert.isActive else { return }
    let damping = damping[key] ?? Damping()
    alert.isActive = false
    alert.updatedAt = now
    alert.damper.changed(at: now, damping)
    alert.isFlapping = alert.damper.isRestless(at: now, damping)
    if !alert.isFlapping { alert.resolve(at: now) }
    keep(alert)
  }

  /// What time alone does: an end that was set comes, what flapped has become calm, what is long over is forgotten.
  package mutating func pass(at now: Moment) {
    for (key, alert) in alerts {
      switch alert.state {
      case .resolved:
        if let end = alert.resolvedAt, now >= end + Self.memory, alert.told.isEmpty { forget(key) }
      case .pending:
        if let end = alert.expiresAt, now >= end { forget(key) }
      case .firing:
        if alert.isActive, let end = alert.expiresAt, now >= end { clear(key, at: now) }
        calm(key, at: now)
      }
    }
  }

  package subscript(key: String) -> Alert? { alerts[key] }

  package var firing: [Alert] { alerts.values.filter { $0.state == .firing } }

  /// Writes down what was told to whom, or what silences an alert.
  mutating func update(_ alert: Alert) {
    guard alerts[alert.key] != alert else { return }
    keep(alert)
  }

  /// The alerts that have changed since this was last asked, and the keys of those that are no more.
  mutating func takeChanged() -> (kept: [Alert], forgotten: [String]) {
    defer { changed = [] }
    return (changed.compactMap { alerts[$0] }, changed.filter { alerts[$0] == nil })
  }

  private mutating func calm(_ key: String, at now: Moment) {
    guard var alert = alerts[key], alert.isFlapping, !alert.damper.isRestless(at: now, damping[key] ?? Damping())
    else { return }
    alert.isFlapping = false
    if !alert.isActive { alert.resolve(at: now) }
    keep(alert)
  }

  private mutating func keep(_ alert: Alert) {
    alerts[alert.key] = alert
    changed.insert(alert.key)
  }

  private mutating func forget(_ key: String) {
    alerts[key] = nil
    damping[key] = nil
    changed.insert(key)
  }
}

extension Alert {
  fileprivate mutating func beginAnew(_ finding: Finding, at now: Moment) {
    state = .pending
    startedAt = now
    resolvedAt = nil
    count = 0
    deploy = nil
    silence = nil
    occurrences = []
  }

  fileprivate mutating func resolve(at now: Moment) {
    state = .resolved
    resolvedAt = now
    expiresAt = nil
    isFlapping = false
  }
}
