import BatonDeployControl
import BatonHTTPServer

/// Who rolled out what, where and when, and how it ended.
struct HistoryPage {
  static let limit = 50

  let records: [RolloutRecord]
  let filter: RolloutFilter

  var html: HTML {
    """
    <form class="row" method="get" action="/history">
    <label>Application <input name="app" value="\(filter.app)"></label>
    <label>Environment <input name="environment" value="\(filter.environment)"></label>
    <label>By <input name="by" value="\(filter.by)"></label>
    <button>Show</button></form>
    <p><a href="/history.csv\(query(nil))">CSV</a> <a href="/history.json\(query(nil))">JSON</a></p>
    \(Shown.rollouts(records, withPlaces: true, empty: "There is none."))
    \(older)
    """
  }

  private var older: HTML {
    guard records.count == Self.limit, let last = records.last else { return .empty }
    return "<p><a href=\"/history\(query(last.plan.id))\" rel=\"next\">Older</a></p>"
  }

  private func query(_ before: String?) -> String {
    let pairs = [("app", filter.app), ("environment", filter.environment), ("by", filter.by), ("before", before)]
    let text = pairs.compactMap { name, value in value.map { "\(name)=\($0.percentEncoded)" } }.joined(separator: "&")
    return text.isEmpty ? "" : "?\(text)"
  }
}
