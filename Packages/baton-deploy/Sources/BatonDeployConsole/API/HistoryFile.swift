import BatonDeploy
import BatonDeployControl
import BatonHTTPServer

/// The history as a table for other programs.
enum HistoryFile {
  /// So many lines at most, the newest; older ones are asked for with `before`.
  static let limit = 10_000

  /// RFC 4180, with a line of names.
  static func csv(_ records: [RolloutRecord]) -> HTTPResponse {
    let head = [
      "id", "app", "environment", "act", "version", "by", "approved_by", "outcome", "begun", "ended", "hosts", "done",
      "failed", "silent", "not_connected", "went_back",
    ]
    let lines = records.map { record -> [String] in
      let (plan, tally) = (record.plan, record.tally)
      return [
        plan.id, plan.place.app, plan.place.environment, plan.act.kind.rawValue, plan.act.version ?? "", plan.by,
        record.approvedBy ?? "", record.outcome.rawValue, Moment.text(record.begun),
        record.ended.map(Moment.text) ?? "",
      ] + [tally.hosts, tally.done, tally.failed, tally.silent, tally.notConnected, tally.wentBack].map(String.init)
    }
    let text = ([head] + lines).map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
    var response = HTTPResponse(contentType: "text/csv; charset=utf-8; header=present", text)
    response.headers["Content-Disposition"] = "attachment; filename=\"baton-deploys.csv\""
    response.headers["Cache-Control"] = "no-store"
    return response
  }

  /// A cell that begins like a formula would be one to a spreadsheet (CWE-1236).
  private static func cell(_ text: String) -> String {
    let safe = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
    guard safe.contains(where: { ",\"\r\n".contains($0) }) else { return safe }
    return "\"\(safe.replacing("\"", with: "\"\""))\""
  }
}
