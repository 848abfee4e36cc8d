extension Deploys {
  /// Invariant 3: whoever resolves `current` all the time sees a release, all of it, that was ordered; and of one that did not work he sees
  /// the coming once.
  public func currents() -> Finding {
    var finding = Finding()
    let versions = Set(ordered.values.compactMap(\.version))
    let seen = self[.seen]
    func cases(_ isOne: (Entry) -> Bool) -> [String] {
      seen.filter(isOne).map {
        "\($0.host ?? "") at \($0.at.twoDecimals): \($0.version ?? "nothing")\($0.name.map { ", \($0)" } ?? "")"
      }
    }
    finding.violate("'current' was missing", by: cases { $0.version == nil })
    finding.violate("a release that is not whole", by: cases { $0.version != nil && $0.name != nil })
    finding.violate("a release that nobody ordered", by: cases { $0.version.map { !versions.contains($0) } ?? false })
    finding.violate("switched to twice", by: switchedTwice(seen))
    let looked = self[.looked]
    let hosts = Set(ordered.keys.map(\.host))
    let unwatched = hosts.subtracting(looked.filter { ($0.looks ?? 0) > 0 }.compactMap(\.host))
    finding.violate("host that nobody looked at", by: Array(unwatched))
    if seen.isEmpty { finding.violations.append("nobody saw anything") }
    let looks = looked.reduce(0) { $0 + ($1.looks ?? 0) }
    let gap = looked.compactMap(\.gap).max() ?? 0
    let times = looked.map { ($0.at - (seen.first?.at ?? $0.at)) / Double(max(1, $0.looks ?? 0)) }
    finding.measures.append(
      "\(looks) looks at \(hosts.count) hosts, one each \(Int(((times.max() ?? 0) * 1_000_000).rounded())) µs, at most \(gap.twoDecimals) s between two; \(seen.count) changes seen"
    )
    return finding
  }

  /// A version that did not work comes once, and goes. Each version is ordered once.
  private func switchedTwice(_ seen: [Entry]) -> [String] {
    let words = byAct(.result)
    let comings = Dictionary(grouping: seen) { Act(host: $0.host ?? "", id: $0.version ?? "") }
    return ordered.compactMap { act, order in
      let version = Act(host: act.host, id: order.version ?? "")
      let isDone = words[act]?.first?.isSuccess ?? true
      return !isDone && (comings[version]?.count ?? 0) > 1 ? version.description : nil
    }
  }
}
