import Baton

extension Bridge {
  /// What a page or the metrics show.
  struct Snapshot: Sendable {
    let now: Moment
    var isLeading = false
    var isConnected = false
    var trouble: String?
    var blocked: String?
    var counters = Counters()
    var sinks: [(name: String, depth: Int, tally: Courier.Tally)] = []
    var peers = Peers.View()
    let hosts: [Host]
    let missing: [Expected]
    let counts: [Host.Condition: Int]
    let alerts: [Alert]
    let silences: [Silence]
    let deploys: [Deploys.Deploy]
    let roundTrips: RoundTrips

    init(_ situation: Situation, at now: Moment) {
      self.now = now
      hosts = situation.roster.hosts.values.sorted {
        ($0.server.environment, $0.server.fqdn) < ($1.server.environment, $1.server.fqdn)
      }
      missing = situation.roster.missingHosts
      counts = situation.roster.counts
      alerts = situation.book.alerts.values.sorted { ($1.startedAt, $0.key) < ($0.startedAt, $1.key) }
      silences = situation.silences
      deploys = situation.deploys.running.values.sorted { $0.startedAt < $1.startedAt }
      roundTrips = situation.roundTrips
    }
  }

  struct Counters: Sendable, Hashable {
    var messages = 0
    var pings = 0
    var unroutedPings = 0
    var reconnects = 0
  }
}
