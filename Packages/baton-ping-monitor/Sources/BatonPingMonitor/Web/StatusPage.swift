import Baton

/// The fleet, what is wrong, and the last hour's round trips, on one page that brings all that it needs.
struct StatusPage {
  /// Hosts that are well are listed up to so many; those that are not always are.
  private static let most = 500

  let snapshot: Bridge.Snapshot

  var html: String {
    let chart = RoundTripChart(minutes: snapshot.roundTrips.minutes, now: snapshot.now)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="refresh" content="10">
      <title>\(title)</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <h1>\(title)</h1>
      <p class="\(snapshot.isConnected ? "ok" : "critical")">\(state.html)</p>
      <section><h2>Open alerts</h2>\(alerts)</section>
      <section><h2>Round trips of the last hour</h2>\(chart.svg)
      <p class="legend"><span class="median">median</span> <span class="longest">longest</span></p></section>
      <section><h2>Fleet</h2>\(tiles)\(hosts)</section>
      <section><h2>Deploys at work</h2>\(deploys)</section>
      <section><h2>Sinks</h2>\(sinks)</section>
      <section><h2>Silences</h2>\(silences)</section>
      <footer>\(snapshot.now.text)</footer>
      </body>
      </html>

      """
  }

  private var open: [Alert] { snapshot.alerts.filter { $0.state == .firing } }

  private var title: String {
    let loud = open.count { $0.silence == nil }
    return loud == 0 ? "baton: all well" : "baton: \(loud) \(loud == 1 ? "alert" : "alerts")"
  }

  private var state: String {
    guard snapshot.isConnected else { return "No broker: \(snapshot.trouble ?? "not connected yet")" }
    var words = [snapshot.isLeading ? "Leading" : "Standing by for another monitor"]
    if let blocked = snapshot.blocked { words.append("the broker is blocked: \(blocked)") }
    let foreign = snapshot.standbys.count { !$0.isShared }
    if !snapshot.standbys.isEmpty { words.append("\(snapshot.standbys.count) standing by") }
    if foreign > 0 { words.append("\(foreign) of them with a database of its own") }
    return words.joined(separator: "; ")
  }

  private var alerts: String {
    let rows = open.sorted { ($1.severity, $0.startedAt) < ($0.severity, $1.startedAt) }.map { alert in
      let notes = [
        alert.silence.map { "silenced by \($0)" }, alert.isFlapping ? "flapping" : nil,
        alert.deploy.map { "during deploy \($0)" },
      ]
      let subject = alert.subject
      let cells = [
        alert.severity.rawValue, subject.name, subject.environment, subject.host, subject.app, alert.startedAt.text,
        alert.summary, notes.compactMap { $0 }.joined(separator: ", "),
      ]
      return (kind: alert.silence == nil ? alert.severity.rawValue : "silenced", cells: cells)
    }
    return Self.table(
      ["Severity", "Alert", "Environment", "Host", "App", "Since", "Summary", ""], rows, empty: "Nothing is wrong.")
  }

  private var tiles: String {
    let tiles = Host.Condition.allCases.map { condition in
      "<li class=\"\(condition.rawValue)\"><b>\(snapshot.counts[condition] ?? 0)</b> \(condition.rawValue)</li>"
    }
    return "<ul class=\"tiles\">\(tiles.joined())</ul>"
  }

  private var hosts: String {
    let unwell = snapshot.hosts.filter { $0.condition != .up }
    let well = snapshot.hosts.filter { $0.condition == .up }
    let missing = snapshot.missing.map { host in
      (kind: "missing", cells: [host.fqdn, host.environment, "missing", "", "", "", ""])
    }
    let rows = (unwell + well.prefix(Self.most)).map { host in
      let roundTrip = host.roundTrip.map { "\(($0 * 10).rounded() / 10) ms" } ?? ""
      let cells = [
        host.server.fqdn, host.server.environment, host.condition.rawValue, host.lastSeen.text, roundTrip,
        host.version ?? "", host.server.appNames.joined(separator: " "),
      ]
      return (kind: host.condition.rawValue, cells: cells)
    }
    let more = well.count > Self.most ? "<p>and \(well.count - Self.most) more that are up</p>" : ""
    return Self.table(
      ["Host", "Environment", "Condition", "Last heard", "Round trip", "Version", "Applications"], missing + rows,
      empty: "Nobody has been heard yet.") + more
  }

  private var deploys: String {
    Self.table(
      ["Deploy", "App", "Environment", "Host", "Since"],
      snapshot.deploys.map { ("", [$0.id, $0.app, $0.environment, $0.host, $0.startedAt.text]) }, empty: "None.")
  }

  private var sinks: String {
    let rows = snapshot.sinks.map { sink in
      let tally = sink.tally
      let cells = [sink.name, "\(sink.depth)", "\(tally.told)", "\(tally.failures)", tally.trouble ?? ""]
      return (kind: tally.trouble == nil ? "" : "warning", cells: cells)
    }
    return Self.table(
      ["Sink", "Waiting", "Told", "Failed attempts", "Trouble"], rows, empty: "None: nobody is told.")
  }

  private var silences: String {
    let rows = snapshot.silences.filter { $0.isInForce(at: snapshot.now) }.map { silence in
      let matchers = silence.matchers.map(\.text).joined(separator: " ")
      return (kind: "", cells: [silence.id, matchers, silence.endsAt.text, silence.by, silence.reason])
    }
    return Self.table(["Silence", "Matchers", "Until", "By", "Why"], rows, empty: "None.")
  }

  private static func table(_ heads: [String], _ rows: [(kind: String, cells: [String])], empty: String) -> String {
    guard !rows.isEmpty else { return "<p>\(empty)</p>" }
    let head = heads.map { "<th>\($0)</th>" }.joined()
    let body = rows.map { row in
      "<tr class=\"\(row.kind)\">\(row.cells.map { "<td>\($0.html)</td>" }.joined())</tr>\n"
    }
    return "<table><thead><tr>\(head)</tr></thead><tbody>\n\(body.joined())</tbody></table>"
  }

  private static let style = """
    :root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
    body { margin: 1.5rem auto; max-width: 75rem; padding: 0 1rem; }
    h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
    tr.critical td:first-child, tr.gone td:nth-child(3), tr.missing td:nth-child(3) { color: #c0392b; font-weight: 600; }
    tr.warning td:first-child, tr.silent td:nth-child(3) { color: #b9770e; font-weight: 600; }
    p.critical { color: #c0392b; font-weight: 600; } tr.silenced { opacity: .6; }
    .tiles { display: flex; gap: .6rem; list-style: none; padding: 0; }
    .tiles li { border: 1px solid #8886; border-radius: .4rem; padding: .3rem .9rem; }
    .tiles .gone b, .tiles .missing b { color: #c0392b; } .tiles .silent b { color: #b9770e; }
    svg { width: 100%; max-width: 60rem; } svg text { font-size: 10px; fill: currentColor; }
    svg .grid { stroke: #8884; } polyline { fill: none; stroke-width: 1.5; }
    polyline.median { stroke: #2471a3; } polyline.longest { stroke: #d68910; stroke-dasharray: 3 2; }
    circle.median { fill: #2471a3; } circle.longest { fill: #d68910; }
    .legend .median { color: #2471a3; } .legend .longest { color: #d68910; }
    footer { margin: 2rem 0; opacity: .6; }
    """
}
