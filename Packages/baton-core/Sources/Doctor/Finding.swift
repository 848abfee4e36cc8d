/// One thing that was looked at, and what was found.
public struct Finding: Sendable, Hashable, Encodable {
  public enum Status: String, Sendable, Encodable {
    case ok, warning, failed
  }

  /// What was looked at: `configuration`, `login`, `write baton_ping_out`.
  public let check: String
  public let status: Status
  public let detail: String
  /// What to do about it; nil where there is nothing to do.
  public let remedy: String?

  public static func ok(_ check: String, _ detail: String) -> Finding {
    Finding(check: check, status: .ok, detail: detail, remedy: nil)
  }

  public static func warning(_ check: String, _ detail: String, _ remedy: String) -> Finding {
    Finding(check: check, status: .warning, detail: detail, remedy: remedy)
  }

  public static func failed(_ check: String, _ detail: String, _ remedy: String) -> Finding {
    Finding(check: check, status: .failed, detail: detail, remedy: remedy)
  }
}
