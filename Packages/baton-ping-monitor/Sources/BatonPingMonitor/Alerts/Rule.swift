import Baton

/// Which messages are alerts, and how bad.
///
/// Of several rules the first that fits a message decides; one that ignores it ends the matter.
package struct Rule: Sendable, Hashable {
  package var name: String
  /// Empty: any. The others as well.
  package var types: [Pattern] = []
  package var exchanges: [Pattern] = []
  package var environments: [Pattern] = []
  package var hosts: [Pattern] = []
  package var apps: [Pattern] = []
  /// A pattern within the message's text, whichever member holds it.
  package var text: Pattern?
  package var severity = Severity.warning
  package var threshold = Threshold()
  package var lasts: Duration = .seconds(900)
  package var damping = Damping()
  package var ignores = false

  /// What holds where no rule says otherwise: a message of the type `error` is an alert.
  package static let standard = Rule(name: "HostError", types: [Pattern(Failure.type)])

  /// Whether it may decide about a message, by what can be told without looking into the body.
  func mayFit(_ message: AnyMessage) -> Bool {
    Self.fits(types, message.type) && Self.fits(exchanges, message.exchange)
      && Self.fits(environments, message.sender.environment) && Self.fits(hosts, message.sender.fqdn)
  }

  /// Whether it decides about a message.
  func fits(_ message: Heard) -> Bool {
    mayFit(message.message) && (apps.isEmpty || message.apps.contains { Self.fits(apps, $0) })
      && (text.map { $0.matches(message.text) } ?? true)
  }

  /// The alert that a message is.
  func finding(_ message: Heard) -> Finding {
    Finding(
      subject: .init(
        name: name, environment: message.sender.environment, host: message.sender.fqdn, app: message.app ?? "",
        detail: message.errorClass ?? ""),
      severity: severity, summary: message.summary, threshold: threshold, lasts: lasts, damping: damping)
  }

  private static func fits(_ patterns: [Pattern], _ value: String) -> Bool {
    patterns.isEmpty || patterns.contains { $0.matches(value) }
  }
}
