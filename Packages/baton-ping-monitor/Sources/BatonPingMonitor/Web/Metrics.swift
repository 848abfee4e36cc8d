/// The numbers, as Prometheus reads them.
///
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
struct Metrics {
  let snapshot: Bridge.Snapshot

  var text: String {
    var page = Page()
    let counts = snapshot.counts
    page.gauge("baton_monitor_leading", "1 on the monitor that leads, 0 on one that stands by", snapshot.isLeading)
    page.gauge("baton_monitor_connected", "Whether the monitor has a broker", snapshot.isConnected)
    page.gauge("baton_monitor_blocked", "Whether the broker takes no messages", snapshot.blocked != nil)
    page.counter("baton_monitor_reconnects_total", "Connections that were lost", snapshot.counters.reconnects)
    page.counter("baton_monitor_messages_total", "Messages taken in", snapshot.counters.messages)
    page.counter("baton_pings_total", "Pings sent", snapshot.counters.pings)
    page.counter("baton_pings_unrouted_total", "Pings that nobody listens to", snapshot.counters.unroutedPings)
    page.series(
      "baton_hosts", "gauge", "Hosts by their condition",
      Host.Condition.allCases.map { (["condition": $0.rawValue], "\(counts[$0] ?? 0)") })
    page.series("baton_alerts", "gauge", "Alerts that are firing", alerts)
    page.series(
      "baton_standby_monitors", "gauge", "Monitors that stand by, by whether they share the database",
      [true, false].map { shared in
        (["shared": "\(shared)"], "\(snapshot.peers.standbys.count { $0.isShared == shared })")
      })
    page.gauge(
      "baton_leader_is_foreign", "Whether another monitor leads that has a database of its own",
      snapshot.peers.leaderIsForeign)
    page.series(
      "baton_sink_queue", "gauge", "Notices that wait for a sink",
      snapshot.sinks.map { (["sink": $0.name], "\($0.depth)") })
    page.series(
      "baton_sink_told_total", "counter", "Notices that a sink has taken",
      snapshot.sinks.map { (["sink": $0.name], "\($0.tally.told)") })
    page.series(
      "baton_sink_failures_total", "counter", "Attempts that a sink did not take",
      snapshot.sinks.map { (["sink": $0.name], "\($0.tally.failures)") })
    page.histogram("baton_ping_round_trip_seconds", "From a ping to its answer", snapshot.situation.roundTrips.total)
    return page.text
  }

  private var alerts: [([String: String], String)] {
    let firing = snapshot.situation.book.firing
    return Severity.allCases.flatMap { severity in
      [false, true].map { isSilenced in
        let count = firing.count { $0.severity == severity && ($0.silence != nil) == isSilenced }
        return (["severity": severity.rawValue, "silenced": "\(isSilenced)"], "\(count)")
      }
    }
  }

  private struct Page {
    var text = ""

    mutating func gauge(_ name: String, _ help: String, _ value: Bool) {
      series(name, "gauge", help, [([:], value ? "1" : "0")])
    }

    mutating func counter(_ name: String, _ help: String, _ value: Int) {
      series(name, "counter", help, [([:], "\(value)")])
    }

    mutating func series(_ name: String, _ type: String, _ help: String, _ values: [([String: String], String)]) {
      text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
      for (labels, value) in values { text += "\(name)\(Self.text(labels)) \(value)\n" }
    }

    mutating func histogram(_ name: String, _ help: String, _ tally: RoundTrips.Tally) {
      text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
      var below = 0
      for (bound, bucket) in zip(RoundTrips.bounds, tally.buckets) {
        below += bucket
        text += "\(name)_bucket{le=\"\(bound / 1000)\"} \(below)\n"
      }
      text += "\(name)_bucket{le=\"+Inf\"} \(tally.count)\n"
      text += "\(name)_sum \(tally.sum / 1000)\n\(name)_count \(tally.count)\n"
    }

    private static func text(_ labels: [String: String]) -> String {
      guard !labels.isEmpty else { return "" }
      let pairs = labels.sorted { $0.key < $1.key }.map { name, value in
        let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\(name)=\"\(escaped)\""
      }
      return "{\(pairs.joined(separator: ","))}"
    }
  }
}
