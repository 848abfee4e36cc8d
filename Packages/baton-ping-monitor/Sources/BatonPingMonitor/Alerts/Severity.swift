/// How bad it is; the words are those of Prometheus's and PagerDuty's users.
package enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
  case info, warning, critical

  package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .info: 0
    case .warning: 1
    case .critical: 2
    }
  }
}
