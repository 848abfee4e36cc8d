import BatonDeploy
import BatonDeployControl
import BatonHTTPServer

/// A rollout while it goes on, and what it came to: a line for each host, and what can be done to it.
struct RolloutPage {
  private static let table = Table(
    id: "hosts", heads: ["Host", "Before", "State", "Step", "Time", "Says"], empty: "It has no hosts.")

  let board: Board
  /// When it was begun, or asked for; milliseconds since 1970.
  let begun: Int64?
  let turns: [Console.Turn]
  let mayDeploy: Bool
  let asksForName: Bool
  let csrf: String

  private var rollout: Rollout { board.rollout }

  var html: HTML { "\(head)\(Self.table.html(rollout.hosts.map(row)))" }

  /// What is different since a revision.
  func pieces(since revision: Int) -> Pieces {
    Pieces(head: head, rows: board.hosts(changedSince: revision).map { Self.table.html(row($0)) })
  }

  static func title(_ rollout: Rollout) -> String { "\(rollout.plan.act.inWords), \(rollout.plan.place)" }

  // MARK: - As a whole

  private var head: HTML {
    let plan = rollout.plan
    let tally = RolloutTally(rollout.hosts)
    let over = tally.done + tally.failed + tally.silent + tally.notConnected
    let approved: HTML? = rollout.approvedBy.map { ", approved by \($0)" }
    let begun: HTML? = begun.map { " on \(Shown.moment($0))" }
    return """
      <div id="rollout">
      <p>By \(plan.by)\(begun)\(approved), on <a href="/apps/\(plan.place.app)/\(plan.place.environment)">\(plan.place.description)</a>. <small>\(plan.id)</small></p>
      <p id="total" role="status"><b>\(state)</b> \(counts(tally))</p>
      <progress max="\(max(1, tally.hosts))" value="\(over)" aria-label="Hosts that have ended">\(over) of \(tally.hosts)</progress>
      \(board.note.map { "<p class=\"note\">\($0)</p>" as HTML })
      \(skipped)\(rules)
      \(mayDeploy ? buttons : .empty)
      </div>
      """
  }

  private var state: HTML {
    switch (rollout.state, rollout.direction) {
    case (.proposed, _): "Waits for a second person to approve it."
    case (.going, .forward): "Under way:"
    case (.going, .back): "Going back:"
    case (.stopping, _): "Stopping:"
    case (.paused(.failures), _): "Paused, since hosts have failed or could not be reached:"
    case (.paused(.operator), _): "Paused:"
    case (.ended, .back): "Went back:"
    case (.ended, .forward): "Ended:"
    }
  }

  private func counts(_ tally: RolloutTally) -> HTML {
    func part(_ count: Int, _ words: HTML, _ kind: HTML = "") -> HTML? {
      count == 0 ? nil : "<span class=\"\(kind)\">\(count) \(words)</span>"
    }
    let parts = [
      "\(tally.done) of \(tally.hosts) done" as HTML, part(tally.underWay, "under way"),
      part(tally.failed, "failed", "bad"), part(tally.silent, "silent", "bad"),
      part(tally.notConnected, "not connected", "bad"), part(tally.wentBack, "gone back", "odd"),
      part(tally.waiting, "waiting"),
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  private var skipped: HTML {
    rollout.skipped.isEmpty
      ? .empty : "<p class=\"dim\">Left out, since they did not answer: \(rollout.skipped.joined(separator: ", "))</p>"
  }

  private var rules: HTML {
    let policy = rollout.policy
    let count = rollout.hosts.count
    var rules = [
      "at most \(max(1, policy.wave.of(count))) at once", "at most \(policy.maxFailures.of(count)) may fail",
    ]
    if policy.canary > 0 { rules.insert("\(policy.canary) first and alone", at: 0) }
    if policy.pause > .zero { rules.append("a pause of \(Elapsed.text(policy.pause)) after each") }
    if policy.rollsBack { rules.append("after more failures all go back") }
    return "<p class=\"dim\">\(rules.joined(separator: ", "))</p>"
  }

  private var buttons: HTML {
    let forms = turns.map { turn -> HTML in
      let begins = turn == .approve || turn == .resume || turn == .rollback
      let confirmation: HTML =
        begins && asksForName
        ? """
        <label>Type <b>\(rollout.plan.place.environment)</b> <input name="confirmation" id="confirm-\(turn.rawValue)" autocomplete="off" autocapitalize="none" required></label>
        """ : .empty
      let kind: HTML = turn == .cancel || turn == .rollback ? " class=\"grave\"" : .empty
      return """
        <form method="post" action="/rollouts/\(rollout.plan.id)/\(turn.rawValue)">\(Page.token(csrf))\(confirmation)
        <button id="turn-\(turn.rawValue)"\(kind)>\(Self.label(turn, rollout))</button></form>
        """
    }
    return "<div class=\"turns\">\(forms)</div>"
  }

  private static func label(_ turn: Console.Turn, _ rollout: Rollout) -> HTML {
    switch turn {
    case .stop: "Let no other host begin"
    case .cancel: rollout.isOver ? "Give it up" : "Cancel: stop the hosts as well"
    case .resume: "Go on"
    case .rollback: "Roll back those that have switched"
    case .approve: "Approve, and begin"
    }
  }

  // MARK: - Host by host

  private func row(_ host: RolloutHost) -> Table.Row {
    let work = host.undo ?? host.act
    let way: HTML = host.undo == nil ? .empty : "going back: "
    let state: HTML =
      switch work.phase {
      case .waiting: "waiting"
      case .told: work.isRouted ? "told" : "not connected, is told when it is up"
      case .underWay: "under way"
      case .done: "<span class=\"good\">done</span>"
      case .failed: "<span class=\"bad\">failed</span>"
      case .silent: "<span class=\"bad\">silent</span>"
      case .notConnected: "<span class=\"bad\">not connected</span>"
      }
    return Table.Row(
      id: "host-\(host.fqdn)",
      cells: [
        HTML(text: host.fqdn), HTML(text: host.before ?? ""), way + state,
        work.phase == .done || work.phase == .waiting ? .empty : HTML(text: work.step?.rawValue ?? ""),
        Shown.elapsed(from: work.told, to: work.isUnderWay ? nil : work.ended ?? work.told), says(host, work),
      ])
  }

  /// Its last word, and what the step at hand has written.
  private func says(_ host: RolloutHost, _ work: Work) -> HTML {
    let words: HTML = work.words.isEmpty ? .empty : "<div>\(work.words)</div>"
    guard let lines = board.output[host.fqdn], let last = lines.last else { return words }
    let output: HTML =
      """
      <details><summary>\(last)</summary><pre>\(lines.joined(separator: "\n"))</pre></details>
      """
    return work.isUnderWay ? output : words + output
  }
}
