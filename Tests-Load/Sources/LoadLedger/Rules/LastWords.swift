extension Deploys {
  /// What is done once, whatever dies: a restart may be repeated, since it does no harm.
  static let once: Set = ["before", "after"]

  /// Invariants 1 and 2: each act has one last word, and only one; what it does on its host is done once; and what runs is what was said.
  public func lastWords() -> Finding {
    var finding = Finding()
    let words = byAct(.result)
    let untold = ordered.keys.filter { words[$0] == nil }
    finding.violate("without a last word", by: untold.map(\.description))
    let contradicting = words.filter { Set($0.value.map { $0.body ?? "" }).count > 1 }
    finding.violate("more than one last word", by: contradicting.map(\.key.description))
    finding.violate(
      "a last word about what nobody ordered", by: words.keys.filter { ordered[$0] == nil }.map(\.description))
    var repeated: [String] = []
    var undone: [String] = []
    let begun = byAct(.stepBegan)
    for act in ordered.keys {
      let steps = (begun[act] ?? []).compactMap(\.name).filter(Self.once.contains)
      if Set(steps).count < steps.count { repeated.append("\(act)") }
      if words[act]?.first?.isSuccess == true, Set(steps) != Self.once { undone.append("\(act)") }
    }
    finding.violate("done twice", by: repeated)
    finding.violate("done in words only", by: undone)
    finding.violate("runs another version than the last word says", by: unsettled())
    if ordered.isEmpty { finding.violations.append("nothing was ordered") }
    let successes = words.values.count { $0.first?.isSuccess == true }
    let doubles = words.values.reduce(0) { $0 + $1.count - 1 }
    finding.measures.append(
      "\(ordered.count) acts ordered: \(successes) done, \(words.count - successes) not; \(doubles) last words heard again"
    )
    return finding
  }

  /// The last success is what runs: whatever failed after it has been taken back.
  private func unsettled() -> [String] {
    var expected: [String: String] = [:]
    var heard: Set<Act> = []
    var wrong: [String] = []
    for entry in self[.result, .settled] {
      guard let host = entry.host else { continue }
      if let act = Act(entry), entry.event == .result {
        // Said again after the next start it is old.
        if heard.insert(act).inserted, entry.isSuccess == true { expected[host] = ordered[act]?.version }
      } else if entry.event == .settled, entry.version != expected[host] {
        wrong.append("\(host) runs \(entry.version ?? "nothing") instead of \(expected[host] ?? "nothing")")
      }
    }
    return wrong
  }
}
