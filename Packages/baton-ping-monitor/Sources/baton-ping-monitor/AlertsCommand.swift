import Baton
import BatonCLI
import BatonPingMonitor

/// `baton-ping-monitor alerts`: what is wrong.
enum AlertsCommand {
  private static let all = Option<Bool>.flag("all", help: "Also those that are over, of the last day.")

  static let command = Command(
    "alerts", abstract: "Show what is wrong.",
    discussion: """
      EXIT CODES:
        0   nothing is wrong, or it is silenced
        1   something is
      """, options: [all.spec, Look.json.spec] + CommonOptions.specs
  ) { arguments in
    let known = try Look.state(arguments).alerts()
    let isAll = try arguments[all]
    let alerts = known.filter { $0.state == .firing || (isAll && $0.state == .resolved) }
      .sorted { ($1.severity, $0.startedAt, $0.key) < ($0.severity, $1.startedAt, $1.key) }
    let code: ExitCode = alerts.contains { $0.state == .firing && $0.silence == nil } ? .failure : .success
    guard try !arguments[Look.json] else {
      try Look.write(alerts.map { AlertView($0) })
      return code
    }
    var table = Table([
      .init("SEVERITY"), .init("STATE"), .init("ALERT"), .init("ENVIRONMENT"), .init("HOST"), .init("APP"),
      .init("SINCE"), .init("COUNT", .right), .init("SUMMARY"),
    ])
    for alert in alerts {
      let state = alert.silence == nil ? alert.isFlapping ? "flapping" : alert.state.rawValue : "silenced"
      table.append([
        alert.severity.rawValue, state, alert.subject.name, alert.subject.environment, alert.subject.host,
        alert.subject.app, alert.startedAt.text, "\(alert.count)", alert.summary,
      ])
    }
    Output.standard.write(table.text)
    return code
  }
}
