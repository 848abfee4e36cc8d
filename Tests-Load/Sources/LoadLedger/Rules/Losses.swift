extension History {
  /// Faults by which somebody throws away what was confirmed, or the way to where it would be kept.
  static let destructive: Set = ["output exchange deleted", "virtual host deleted"]
  /// How long before and after such a fault a message may be gone with it, in seconds: a monitor looks after its binding every 4 s, and
  /// every 13 s while the broker is slow to answer, or more often.
  static let margin = (before: 5.0, after: 15.0)

  /// Invariant 1, towards the monitor: what an agent said is confirmed, and what was confirmed was written down.
  public func losses() -> Finding {
    var finding = Finding()
    let confirmed = said.filter(\.value.isConfirmed)
    let missing = confirmed.filter { read[$0.key] == nil }
    finding.violate(
      "confirmed and lost", by: missing.filter { !isThrownAway($0.value) }.map { "\($0.key) of \($0.value.agent)" })
    finding.violate(
      "said and never confirmed",
      by: said.filter { !$0.value.isConfirmed && !killed.contains($0.value.agent) }
        .map { "\($0.key) of \($0.value.agent)" })
    finding.violate("written down and said by nobody", by: read.keys.filter { said[$0] == nil })
    if said.isEmpty { finding.violations.append("the agents said nothing") }
    let answered = requests.values.flatMap(\.fates).count { $0.fate == .answered }
    if answered > said.count {
      finding.violations.append("\(answered) answers were told, and only \(said.count) messages were said")
    }
    let doubles = read.values.reduce(0) { $0 + $1 - 1 }
    finding.measures.append(
      "\(said.count) messages said, \(confirmed.count) confirmed, \(read.count) written down, \(doubles) of them again")
    let thrownAway = missing.values.count { isThrownAway($0) }
    if thrownAway > 0 {
      finding.measures.append("\(thrownAway) thrown away with the exchange or host that was deleted")
    }
    return finding
  }

  private func isThrownAway(_ message: Said) -> Bool {
    guard let wall = message.wall else { return false }
    return faults.contains { fault in
      guard Self.destructive.contains(fault.name), let began = fault.wall, let healed = fault.healedWall else {
        return false
      }
      return (began - Self.margin.before...healed + Self.margin.after).contains(wall)
    }
  }
}
