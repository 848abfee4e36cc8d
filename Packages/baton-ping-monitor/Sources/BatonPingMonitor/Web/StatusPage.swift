import Baton

/// The fleet, what is wrong, and the last hour's round trips, on one page that brings all that it needs.
struct StatusPage {
  /// Alerts, and hosts that are well, are listed up to so many; hosts that are not well always are.
  private static let most = 500
  /// Seconds after which a browser looks again.
  private static let refresh = 10

  let snapshot: Bridge.Snapshot
  private let open: [Alert]
  private let loud: [Alert]

  init(snapshot: Bridge.Snapshot) {
    self.snapshot = snapshot
    open = snapshot.firing
    loud = open.filter { $0.silence == nil }
  }

  var html: String {
    let chart = RoundTripChart(minutes: snapshot.situation.roundTrips.minutes, now: now)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="refresh" content="\(Self.refresh)">
      <title>\(title)</title>
      <link rel="icon" href="data:image/svg+xml,\(icon)">
      <style>\(Self.style)</style>
      </head>
      <body class="\(mood)">
      <header><h1>\(title)</h1><p>\(state.html)</p></header>
      <section id="alerts"><h2>Open alerts</h2>\(alerts)</section>
      <section id="fleet"><h2>Fleet</h2>\(tiles)</section>
      <section id="trips"><h2>Round trips of the last hour</h2>\(chart.html)</section>
      <section id="hosts"><h2>Hosts</h2>\(hosts)</section>
      <section id="deploys"><h2>Deploys at work</h2>\(deploys)</section>
      <section id="sinks"><h2>Sinks</h2>\(sinks)</section>
      <section id="silences"><h2>Silences</h2>\(silences)</section>
      <footer>As of \(now.text), new every \(Self.refresh) s. <a href="/metrics">Metrics</a> <a href="/healthz">Health</a></footer>
      </body>
      </html>

      """
  }

  // MARK: - At a glance

  private var now: Moment { snapshot.now }

  private var title: String {
    guard loud.isEmpty else { return "baton: \(loud.count) \(loud.count == 1 ? "alert" : "alerts")" }
    return snapshot.isConnected ? "baton: all well" : "baton: no broker"
  }

  /// How bad it is, as a class of the page.
  private var mood: String {
    guard snapshot.isConnected else { return Severity.critical.rawValue }
    return loud.map(\.severity).max()?.rawValue ?? (snapshot.blocked == nil ? "well" : Severity.warning.rawValue)
  }

  /// A dot in the tab of the browser.
  private var icon: String {
    let color = ["well": "229954", "info": "2471a3", "warning": "d68910"][mood] ?? "c0392b"
    return
      "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 2 2'%3E%3Ccircle cx='1' cy='1' r='1' fill='%23\(color)'/%3E%3C/svg%3E"
  }

  private var state: String {
    guard snapshot.isConnected else { return "No broker: \(snapshot.trouble ?? "not connected yet")" }
    var words = [snapshot.isLeading ? "This monitor leads" : "This monitor stands by for another"]
    if let blocked = snapshot.blocked { words.append("the broker is blocked: \(blocked)") }
    if snapshot.peers.leaderIsForeign { words.append("that one has a database of its own: its alerts are not here") }
    let standbys = snapshot.peers.standbys.count
    if standbys > 0 { words.append("\(standbys) \(standbys == 1 ? "stands" : "stand") by") }
    let foreign = snapshot.peers.standbys.count { !$0.isShared }
    if foreign > 0 { words.append("\(foreign) of them with a database of its own") }
    return words.joined(separator: "; ")
  }

  private var tiles: String {
    let counts = snapshot.counts
    let tiles = Host.Condition.allCases.map { condition in
      let count = counts[condition] ?? 0
      return "<li class=\"\(count == 0 ? "none" : condition.rawValue)\"><b>\(count)</b> \(condition.rawValue)</li>"
    }
    return "<ul class=\"tiles\">\(tiles.joined())</ul>"
  }

  // MARK: - In detail

  private var alerts: String {
    let rows = open.prefix(Self.most).map { alert in
      let subject = alert.subject
      let notes = [
        alert.silence.map { "silenced by \($0)" }, alert.isFlapping ? "flapping" : nil,
        alert.deploy.map { "during deploy \($0)" },
        alert.expiresAt != nil && alert.count > 1 ? "\(alert.count) times" : nil,
      ]
      return HTMLTable.Row(
        kind: alert.silence == nil ? alert.severity.rawValue : "silenced",
        cells: [
          .text(alert.severity.rawValue), .text(subject.name), .text(subject.environment), .text(subject.host),
          .text(subject.app), .age(of: alert.startedAt, at: now), .text(alert.summary),
          .text(notes.compactMap { $0 }.joined(separator: ", ")),
        ])
    }
    let table = HTMLTable(
      heads: ["Severity", "Alert", "Environment", "Host", "App", "For", "Summary", "Notes"], rows: rows,
      empty: "Nothing is wrong.")
    return table.html + (open.count > Self.most ? "<p>and \(open.count - Self.most) more</p>" : "")
  }

  private var hosts: String {
    let missing = snapshot.missing.map { host in
      HTMLTable.Row(kind: "missing", cells: [.text(host.fqdn), .text(host.environment), .text("missing")])
    }
    let hosts = snapshot.hosts
    let unwell = hosts.filter { $0.condition != .up }
    let well = hosts.filter { $0.condition == .up }
    let known = (unwell + well.prefix(Self.most)).map { host in
      HTMLTable.Row(
        kind: host.condition.rawValue,
        cells: [
          .text(host.server.fqdn), .text(host.server.environment), .text(host.condition.rawValue),
          .age(of: host.lastSeen, at: now), .text(host.roundTrip.map { "\(($0 * 10).rounded() / 10) ms" }),
          .text(host.version), .text(host.server.appNames.joined(separator: " ")),
        ])
    }
    let table = HTMLTable(
      heads: ["Host", "Environment", "Condition", "Heard ago", "Round trip", "Version", "Applications"],
      rows: missing + known, empty: "Nobody has been heard yet.")
    return table.html + (well.count > Self.most ? "<p>and \(well.count - Self.most) more that are up</p>" : "")
  }

  private var deploys: String {
    let rows = snapshot.deploys.map { deploy in
      HTMLTable.Row(cells: [
        .text(deploy.app), .text(deploy.environment), .text(deploy.host), .age(of: deploy.startedAt, at: now),
        .text(deploy.id),
      ])
    }
    return HTMLTable(heads: ["App", "Environment", "Host", "For", "Deploy"], rows: rows, empty: "None.").html
  }

  private var sinks: String {
    let rows = snapshot.sinks.map { sink in
      HTMLTable.Row(
        kind: sink.tally.trouble == nil ? "" : "warning",
        cells: [
          .text(sink.name), .number(sink.depth), .number(sink.tally.told), .number(sink.tally.failures),
          .text(sink.tally.trouble),
        ])
    }
    return HTMLTable(
      heads: ["Sink", "Waiting", "Told", "Failed attempts", "Trouble"], rows: rows, empty: "None: nobody is told."
    ).html
  }

  private var silences: String {
    let rows = snapshot.situation.silences.filter { $0.isInForce(at: now) }.map { silence in
      HTMLTable.Row(cells: [
        .text(silence.id), .text(silence.matchers.map(\.text).joined(separator: " ")),
        .age(of: now, at: silence.endsAt),
        .text(silence.by), .text(silence.reason),
      ])
    }
    return HTMLTable(heads: ["Silence", "Matchers", "For another", "By", "Why"], rows: rows, empty: "None.").html
  }
}
