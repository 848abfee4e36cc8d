import Baton

extension Bridge {
  /// What a page or the metrics show. To take one is quick; what is costly is done by who looks at it, and not by the bridge.
  struct Snapshot: Sendable {
    let now: Moment
    let situation: Situation
    var isLeading = false
    var isConnected = false
    var trouble: String?
    var blocked: String?
    var counters = Counters()
    var sinks: [(name: String, depth: Int, tally: Courier.Tally)] = []
    var peers = Peers.View()

    init(_ situation: Situation, at now: Moment) {
      self.situation = situation
      self.now = now
    }

    var counts: [Host.Condition: Int] { situation.roster.counts }
    var missing: [Expected] { situation.roster.missingHosts }

    /// By environment and name.
    var hosts: [Host] {
      situation.roster.hosts.values.sorted {
        ($0.server.environment, $0.server.fqdn) < ($1.server.environment, $1.server.fqdn)
      }
    }

    /// The worst first, then the oldest.
    var firing: [Alert] {
      situation.book.firing.sorted {
        ($1.severity, $0.startedAt, $0.key) < ($0.severity, $1.startedAt, $1.key)
      }
    }

    /// The oldest first.
    var deploys: [Deploys.Deploy] { situation.deploys.running.values.sorted { $0.startedAt < $1.startedAt } }
  }

  struct Counters: Sendable, Hashable {
    var messages = 0
    var pings = 0
    var unroutedPings = 0
    var reconnects = 0
  }
}
