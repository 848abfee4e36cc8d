import BatonDeploy
import BatonDeployControl
import BatonHTTPServer

/// An application in an environment: its hosts, what is being done there, and the form that begins something.
struct ApplicationPage {
  private static let table = Table(
    id: "hosts", heads: ["", "Host", "Version", "Health", "Since", "By", "Remarks"],
    empty: "Nobody has answered for it yet.")

  let spot: Spot
  /// Its head and its hosts.
  let pieces: Pieces
  let versions: [String]
  /// Why there are not all of them.
  let versionsProblem: String?
  /// The rollouts there, the newest first.
  let rollouts: [RolloutRecord]
  /// Somebody elsewhere who rolls out there just now.
  let holder: LockHolder?
  let mayDeploy: Bool
  let asksForName: Bool
  let wantsSecondPerson: Bool
  let csrf: String

  var html: HTML {
    """
    \(pieces.head)
    \(others)
    \(mayDeploy ? form : "<p class=\"dim\">You may look, and not change anything here.</p>")
    <h2>Hosts</h2>
    \(mayDeploy ? "<p><label><input type=\"checkbox\" id=\"all\" checked> all that answer</label></p>" : .empty)
    \(Self.table.html(pieces.rows))
    <h2>Rollouts</h2>
    \(Shown.rollouts(rollouts, withPlaces: false, empty: "None was begun from here."))
    """
  }

  /// The pieces of the page that change, each by itself.
  static func pieces(_ spot: Spot, mayDeploy: Bool) -> Pieces {
    Pieces(head: head(spot), rows: spot.sorted.map { table.html(row($0, of: spot, mayDeploy: mayDeploy)) })
  }

  private static func head(_ spot: Spot) -> HTML {
    let answering = spot.hosts.count - spot.silent.count
    let asked: HTML = spot.asked.map { "as of \(Shown.moment($0))" } ?? "not asked yet"
    return """
      <p id="head">\(answering) of \(spot.hosts.count) known hosts answer, \(asked).\
      \(spot.problem.map { " <span class=\"bad\">\($0)</span>" as HTML })</p>
      """
  }

  private static func row(_ host: Spot.Host, of spot: Spot, mayDeploy: Bool) -> Table.Row {
    let isSilent = spot.isSilent(host)
    let box: HTML =
      mayDeploy
      ? """
      <input type="checkbox" name="host" form="wish" value="\(host.fqdn)" aria-label="\(host.fqdn)"\
      \(isSilent ? " data-silent" : " checked")>
      """ : .empty
    let running = host.running
    let health: HTML =
      switch running?.health {
      case .healthy: "<span class=\"good\">healthy</span>"
      case .unhealthy: "<span class=\"bad\">unhealthy</span>"
      case .unknown, nil: .empty
      }
    var remarks: [HTML] = []
    if isSilent { remarks.append("<span class=\"bad\">silent</span>") }
    if spot.drifting.contains(host.fqdn) { remarks.append("<span class=\"odd\">drifts</span>") }
    if let act = running?.underWay { remarks.append("\(act.kind.rawValue) under way by \(act.by ?? "somebody")") }
    if let lock = running?.lock { remarks.append("locked by \(lock.by ?? "somebody"): \(lock.reason)") }
    if running?.last?.outcome == .error {
      remarks.append("<span class=\"bad\">last \(running?.last?.kind.rawValue ?? "act") failed</span>")
    }
    return Table.Row(
      id: "host-\(host.fqdn)",
      cells: [
        box, HTML(text: host.fqdn), HTML(text: running.map { $0.version ?? "(none)" } ?? ""), health,
        Shown.moment(running?.since), HTML(text: running?.by ?? ""), remarks.joined(separator: ", "),
      ])
  }

  /// Who else is at it: a second rollout would not begin.
  private var others: HTML {
    guard let holder else { return .empty }
    let isOurs = rollouts.contains { $0.plan.id == holder.id }
    let what: HTML = isOurs ? "<a href=\"/rollouts/\(holder.id)\">\(holder.act)</a>" : "\(holder.act) (\(holder.id))"
    return """
      <p class="note">\(holder.by) is rolling out \(what) since \(Shown.moment(holder.since)); until that is over nothing else begins here.</p>
      """
  }

  private var form: HTML {
    let place = spot.place
    let standard = RolloutPolicy()
    let options = versions.map { "<option value=\"\($0)\">" as HTML }
    let confirmation: HTML =
      asksForName
      ? """
      <label>Type <b>\(place.environment)</b> to confirm
      <input name="confirmation" autocomplete="off" autocapitalize="none" required pattern="\(place.environment.replacing(".", with: "\\."))"></label>
      """ : .empty
    let second: HTML =
      wantsSecondPerson ? "<p class=\"note\">A second person has to approve it before it begins.</p>" : .empty
    return """
      <form id="wish" class="card" method="post" action="/apps/\(place.app)/\(place.environment)/rollouts">\(Page.token(csrf))
      <fieldset><legend>What</legend>
      <label><input type="radio" name="act" value="deploy" checked> deploy</label>
      <label><input type="radio" name="act" value="rollback"> roll back</label>
      <label><input type="radio" name="act" value="restart"> restart</label></fieldset>
      <label>Version <input name="version" list="versions" value="\(versions.first)" autocomplete="off" autocapitalize="none" maxlength="64"></label>
      <datalist id="versions">\(options)</datalist>
      \(versionsProblem.map { "<p class=\"note\">\($0)</p>" as HTML })
      <details><summary>How carefully</summary><div class="fields">
      <label>Canaries, first and alone <input name="canary" inputmode="numeric" value="\(standard.canary)"></label>
      <label>At once, n or n% <input name="wave" value="\(standard.wave.description)"></label>
      <label>Failures allowed, n or n% <input name="max_failures" value="\(standard.maxFailures.description)"></label>
      <label>Pause after each, seconds <input name="pause" inputmode="numeric" value="0"></label>
      </div>
      <label><input type="checkbox" name="rollback_on_failure" value="yes"> after too many failures have those go back that have switched</label>
      <label><input type="checkbox" name="skip_offline" value="yes"> go on without hosts that do not answer</label>
      </details>
      \(confirmation)\(second)
      <button id="begin">\(wantsSecondPerson ? "Ask for approval" : "Begin on the hosts ticked below")</button>
      </form>
      """
  }
}
