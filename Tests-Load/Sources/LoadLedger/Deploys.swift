/// What was ordered of hosts in a run, what they did, and what they and others saw of it.
///
/// Entries of a kind are given in the order of their time, whoever wrote them: several ledgers are merged.
public struct Deploys: Sendable {
  /// One act on one host.
  struct Act: Hashable, Sendable, Comparable, CustomStringConvertible {
    let host: String
    let id: String

    var description: String { "\(id) on \(host)" }

    static func < (one: Act, other: Act) -> Bool { (one.host, one.id) < (other.host, other.id) }
  }

  private(set) var ordered: [Act: Entry] = [:]
  private var unsorted: [Entry.Event: [Entry]] = [:]

  mutating func add(_ entry: Entry) {
    if entry.event == .ordered, let act = Act(entry) { ordered[act] = entry }
    unsorted[entry.event, default: []].append(entry)
  }

  subscript(events: Entry.Event...) -> [Entry] {
    events.flatMap { unsorted[$0] ?? [] }.sorted { $0.at < $1.at }
  }

  /// Of each act, what there is of some kinds.
  func byAct(_ events: Entry.Event...) -> [Act: [Entry]] {
    let entries = events.flatMap { unsorted[$0] ?? [] }.sorted { $0.at < $1.at }
    var acts: [Act: [Entry]] = [:]
    for entry in entries { if let act = Act(entry) { acts[act, default: []].append(entry) } }
    return acts
  }
}

extension Deploys.Act {
  init?(_ entry: Entry) {
    guard let host = entry.host, let id = entry.id else { return nil }
    self.init(host: host, id: id)
  }
}
