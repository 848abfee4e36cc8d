extension History {
  /// The longest that a request may last: its own two seconds, and the deadline of a call to the broker before and after it.
  static let longestRequest = 15.0

  /// Invariant 1, towards the requester: of each request each host has exactly one fate, and it is told in time.
  public func fates() -> Finding {
    var finding = Finding()
    var counts: [Entry.Fate: Int] = [:]
    var untold: [String] = []
    var doubled: [String] = []
    var foreign: [String] = []
    var open: [String] = []
    var late: [String] = []
    for (number, request) in requests {
      for host in request.hosts {
        let fates = request.fates.filter { $0.host == host }
        if fates.isEmpty { untold.append("\(host) in request \(number)") }
        if fates.count > 1 { doubled.append("\(host) in request \(number)") }
        if let fate = fates.first?.fate { counts[fate, default: 0] += 1 }
      }
      foreign += request.fates.filter { !request.hosts.contains($0.host) }.map { "\($0.host) in request \(number)" }
      guard let ended = request.ended else {
        open.append("request \(number)")
        continue
      }
      if ended - request.asked > Self.longestRequest { late.append("request \(number)") }
    }
    finding.violate("fate never told", by: untold)
    finding.violate("fate told twice", by: doubled)
    finding.violate("fate of a host that was not asked", by: foreign)
    finding.violate("without an end", by: open)
    finding.violate("longer than \(Self.longestRequest) s", by: late)
    if requests.isEmpty { finding.violations.append("the driver asked nothing") }
    let told = Entry.Fate.allCases.compactMap { fate in counts[fate].map { "\($0) \(fate.rawValue)" } }
    finding.measures.append("\(requests.count) requests: \(told.joined(separator: ", "))")
    return finding
  }
}
