import BatonDeploy
import BatonDeployControl
import BatonHTTPServer

/// Small things that stand on more than one page.
enum Shown {
  /// A moment: `2026-03-01 14:03:07Z`.
  static func moment(_ milliseconds: Int64) -> HTML {
    let text = Moment.text(milliseconds)
    return "<time datetime=\"\(text.replacing(" ", with: "T"))\">\(text)</time>"
  }

  static func moment(_ milliseconds: Int64?) -> HTML { milliseconds.map { moment($0) } ?? .empty }

  /// How long something took, or, counted on in the browser, is taking.
  static func elapsed(from begun: Int64?, to ended: Int64?) -> HTML {
    guard let begun else { return .empty }
    if let ended { return "<time>\(Elapsed.text(max(0, ended - begun)))</time>" }
    return "<time data-since=\"\(begun)\"></time>"
  }

  static func outcome(_ outcome: RolloutOutcome) -> HTML {
    let kind: HTML =
      switch outcome {
      case .done: "good"
      case .failed, .goingBack, .wentBack: "bad"
      case .proposed, .paused, .stopping, .closed: "odd"
      case .going: ""
      }
    return "<span class=\"\(kind)\">\(outcome.rawValue)</span>"
  }

  static func link(to place: Place) -> HTML {
    "<a href=\"/apps/\(place.app)/\(place.environment)\">\(place.app) in \(place.environment)</a>"
  }

  static func link(to plan: RolloutPlan) -> HTML { "<a href=\"/rollouts/\(plan.id)\">\(plan.act.inWords)</a>" }

  /// The rollouts of a list, with their places or without.
  static func rollouts(_ records: [RolloutRecord], withPlaces: Bool, empty: HTML) -> HTML {
    let heads = ["What"] + (withPlaces ? ["Where"] : []) + ["Outcome", "Begun", "Took", "By", "Hosts", "Failed"]
    let rows = records.map { record -> Table.Row in
      let failed = record.tally.failed + record.tally.silent + record.tally.notConnected
      return Table.Row(
        cells: [link(to: record.plan)] + (withPlaces ? [link(to: record.plan.place)] : []) + [
          outcome(record.outcome), moment(record.begun),
          record.ended.map { elapsed(from: record.begun, to: $0) } ?? .empty, HTML(text: record.plan.by),
          "\(record.tally.done) of \(record.tally.hosts)",
          failed == 0 ? .empty : "<span class=\"bad\">\(failed)</span>",
        ])
    }
    return Table(id: "rollouts", heads: heads, empty: empty).html(rows)
  }
}
