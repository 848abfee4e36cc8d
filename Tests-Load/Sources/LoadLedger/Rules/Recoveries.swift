extension History {
  /// Invariant 5: so long after a fault every agent answers again, in seconds.
  static let longestRecovery = 30.0

  /// How long it took after each fault until each host that the driver asks answered again.
  public func recoveries() -> Finding {
    var finding = Finding()
    var times: [String: [Double]] = [:]
    var deaf: [String] = []
    var unhealed: [String] = []
    let hosts = Set(requests.values.flatMap(\.hosts))
    let answers = requests.values.flatMap { request in
      request.fates.filter { $0.fate == .answered }.map { (host: $0.host, asked: request.asked, at: $0.at) }
    }
    for (index, fault) in faults.enumerated() {
      guard let healed = fault.healed else {
        unhealed.append(fault.name)
        continue
      }
      var first: [String: Double] = [:]
      for answer in answers where answer.asked >= healed {
        first[answer.host] = min(first[answer.host] ?? .infinity, answer.at - healed)
      }
      for host in hosts {
        let time = first[host] ?? .infinity
        if time > Self.longestRecovery { deaf.append("\(host) after fault \(index + 1), \(fault.name)") }
      }
      // The last host to be back is what the fault took.
      if let longest = first.values.max() { times[fault.name, default: []].append(longest) }
    }
    finding.violate("not back within \(Int(Self.longestRecovery)) s", by: deaf)
    finding.violate("fault without an end", by: unhealed)
    if !times.isEmpty { finding.measures.append("all back after any fault: \(times.values.flatMap(\.self).inWords)") }
    for (name, times) in times.sorted(by: { $0.key < $1.key }) {
      finding.measures.append("all back after \(name): \(times.inWords)")
    }
    return finding
  }
}
