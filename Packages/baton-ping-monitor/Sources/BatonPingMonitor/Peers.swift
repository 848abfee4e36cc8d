import Baton

/// The other monitors on the same queue, as their beats tell of them.
struct Peers: Sendable {
  /// What is shown of them.
  struct View: Sendable, Hashable {
    /// Those that stand by, and whether they share the database.
    var standbys: [Standby] = []
    /// Whether another leads that has a database of its own: who takes over from it begins without its alerts.
    var leaderIsForeign = false
  }

  struct Standby: Sendable, Hashable {
    let name: String
    let isShared: Bool
  }

  private struct Peer {
    let beat: Beat
    let heardAt: Moment
  }

  /// A monitor that was not heard for so long is gone.
  private static let patience: Duration = .seconds(10)

  /// This monitor's own name and database.
  let name: String
  let database: String
  private var peers: [String: Peer] = [:]

  init(name: String, database: String) {
    self.name = name
    self.database = database
  }

  /// Another monitor is there. Gives the sentence that is to be written down, once, if its database is not this one's.
  mutating func hear(_ beat: Beat, at now: Moment) -> String? {
    guard beat.monitor != name else { return nil }
    let known = peers.updateValue(Peer(beat: beat, heardAt: now), forKey: beat.monitor)?.beat
    guard beat.database != database, known?.leads != beat.leads else { return nil }
    return beat.leads
      ? "The monitor that leads has a database of its own: when this one takes over, it begins without those alerts"
      : "Another monitor on this queue has a database of its own: when it takes over, it begins without these alerts"
  }

  mutating func pass(at now: Moment) {
    peers = peers.filter { now < $0.value.heardAt + Self.patience }
  }

  var view: View {
    let beats = peers.values.map(\.beat)
    return View(
      standbys: beats.filter { !$0.leads }.map { Standby(name: $0.monitor, isShared: $0.database == database) }
        .sorted { $0.name < $1.name },
      leaderIsForeign: beats.contains { $0.leads && $0.database != database })
  }
}
