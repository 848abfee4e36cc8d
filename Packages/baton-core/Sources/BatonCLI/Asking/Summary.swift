import Baton

/// What the answers come to: counts, times, and the code to exit with.
struct Summary: Encodable {
  let environments: [String]
  let hosts: [String]
  let expected: Int?
  private(set) var answered = 0
  private(set) var failed = 0
  private(set) var silent = 0
  private(set) var notConnected = 0
  /// Of the final answers, in the order of their coming, which is that of their size.
  private var times: [Double] = []
  private var failures: [Failure: Int] = [:]

  init(environments: [String], hosts: [String], expected: Int?) {
    self.environments = environments
    self.hosts = hosts
    self.expected = expected
  }

  mutating func add(_ entry: Entry) {
    switch entry.status {
    case .answered: answered += 1
    case .failed: failed += 1
    case .silent: silent += 1
    case .notConnected: notConnected += 1
    }
    if entry.isFinal { times.append(entry.milliseconds) }
    if let failure = entry.failure { failures[failure, default: 0] += 1 }
  }

  var exitCode: ExitCode {
    let final = answered + failed
    if hosts.isEmpty, notConnected == environments.count { return .nobody }
    if silent > 0 || notConnected > 0 || final == 0 || final < expected ?? 0 { return .missing }
    return failed > 0 ? .failure : .success
  }

  /// Some lines for people.
  var text: String {
    var counts = ["\(answered) answered", "\(failed) failed", "\(silent) silent", "\(notConnected) not connected"]
    if let expected, answered + failed < expected { counts.append("\(expected) expected") }
    var text = "\n" + counts.joined(separator: ", ") + "\n"
    if !times.isEmpty {
      let marks = [("min", 0), ("median", 0.5), ("p95", 0.95), ("p99", 0.99)]
      text += marks.map { "\($0) \(Entry.time(percentile($1)))" }.joined(separator: ", ") + "\n"
    }
    for (failure, count) in failures.sorted(by: { $0.value > $1.value }) {
      text += "\(count) × \(failure.errorClass): \(failure.errorMessage)\n".escapingButLast
    }
    return text
  }

  /// The smallest time that at least such a part of the answers did not exceed.
  private func percentile(_ part: Double) -> Double {
    let sorted = times.sorted()
    return sorted[max(0, Int((part * Double(sorted.count)).rounded(.up)) - 1)]
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(answered, forKey: .answered)
    try container.encode(failed, forKey: .failed)
    try container.encode(silent, forKey: .silent)
    try container.encode(notConnected, forKey: .notConnected)
    try container.encodeIfPresent(expected, forKey: .expected)
    guard !times.isEmpty else { return }
    try container.encode(percentile(0), forKey: .min)
    try container.encode(percentile(0.5), forKey: .median)
    try container.encode(percentile(0.95), forKey: .p95)
    try container.encode(percentile(0.99), forKey: .p99)
  }

  private enum CodingKeys: String, CodingKey {
    case answered, failed, silent
    case notConnected = "not_connected"
    case expected
    case min = "min_ms"
    case median = "median_ms"
    case p95 = "p95_ms"
    case p99 = "p99_ms"
  }
}

extension String {
  /// Control characters escaped, but for the newline at the end.
  fileprivate var escapingButLast: String { String(dropLast()).escapingControlCharacters + "\n" }
}
