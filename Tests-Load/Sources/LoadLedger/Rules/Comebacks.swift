extension Deploys {
  /// Invariant 5, of an agent that was killed: it listens again soon after its next start, and has the last word about what it was at.
  public func comebacks() -> Finding {
    var finding = Finding()
    let (times, deaf) = starts()
    finding.violate("started and never heard of", by: deaf)
    finding.violate(
      "not listening within \(Int(History.longestRecovery)) s",
      by: times.filter { $0 > History.longestRecovery }.map { "\($0.twoDecimals) s" })
    let kills = self[.killed]
    let words = byAct(.result)
    var unresolved: [String] = []
    var midway = 0
    for kill in kills {
      guard let id = kill.id else { continue }
      let heard = words[Act(host: kill.name ?? "", id: id)] ?? []
      if heard.last.map({ $0.at < kill.at }) ?? true { unresolved.append("\(id) at \(kill.point ?? "")") }
      if heard.first.map({ $0.at > kill.at }) ?? false { midway += 1 }
    }
    finding.violate("killed, and no last word after it", by: unresolved)
    if kills.isEmpty { finding.violations.append("nobody was killed") }
    finding.measures += Self.places(of: kills)
    finding.measures.append("\(kills.count) kills, \(midway) before the last word; listening again: \(times.inWords)")
    return finding
  }

  /// How long each start took until the agent listened, and the hosts that never did. One that is killed meanwhile owes nothing.
  private func starts() -> (times: [Double], deaf: [String]) {
    var times: [Double] = []
    var starting: [String: Double] = [:]
    for entry in self[.started, .up, .killed] {
      guard let host = entry.host ?? entry.name else { continue }
      let start = starting.removeValue(forKey: host)
      if entry.event == .started { starting[host] = entry.at }
      if entry.event == .up, let start { times.append(entry.at - start) }
    }
    return (times, Array(starting.keys))
  }

  /// How often where: points that were met equally often are one line.
  private static func places(of kills: [Entry]) -> [String] {
    let counts = Dictionary(grouping: kills) { $0.point ?? "" }.mapValues(\.count)
    let points = Dictionary(grouping: counts.keys.sorted()) { counts[$0] ?? 0 }
    return points.sorted { $0.key < $1.key }.map { count, points in
      let names = points.count > 3 ? "each of \(points.count) points, \(points[0]), …" : points.joined(separator: ", ")
      return "\(count) × killed at \(names)"
    }
  }
}
