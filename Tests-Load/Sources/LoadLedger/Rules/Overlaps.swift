extension Deploys {
  /// Invariant 4: what one act does on a host is over before another's begins, and before its own last word.
  public func overlaps() -> Finding {
    var finding = Finding()
    let words = byAct(.result)
    var late: [String] = []
    var spans: [String: [(act: Act, from: Double, to: Double)]] = [:]
    for (act, signs) in byAct(.stepBegan, .stepEnded) {
      guard let first = signs.first, let last = signs.last else { continue }
      spans[act.host, default: []].append((act, first.at, last.at))
      if let word = words[act]?.first, word.at < last.at { late.append("\(act)") }
    }
    var overlapping: [String] = []
    for spans in spans.values {
      let ordered = spans.sorted { $0.from < $1.from }
      for (one, next) in zip(ordered, ordered.dropFirst()) where next.from < one.to {
        overlapping.append("\(one.act.id) and \(next.act.id) on \(one.act.host)")
      }
    }
    finding.violate("two acts at once", by: overlapping)
    finding.violate("still at work after its last word", by: late)
    if spans.isEmpty { finding.violations.append("nothing was done on any host") }
    let rivals = rivalries
    if rivals == 0 { finding.violations.append("no two acts were ever ordered at the same time") }
    finding.measures.append(
      "\(spans.values.reduce(0) { $0 + $1.count }) acts at work; \(rivals) were ordered while another was")
    return finding
  }

  /// Acts that were ordered before another of the same host had its last word.
  private var rivalries: Int {
    var open: [String: Set<Act>] = [:]
    var count = 0
    for entry in self[.ordered, .result] {
      guard let act = Act(entry) else { continue }
      if entry.event == .result {
        open[act.host]?.remove(act)
      } else {
        if !(open[act.host] ?? []).isEmpty { count += 1 }
        open[act.host, default: []].insert(act)
      }
    }
    return count
  }
}
