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
  /// Of the final answers.
  private var times: [Double] = []
  private var failures: [Failure: Int] = [:]
  /// Where a host has had the last word.
  private var heard: Set<String> = []

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
    if entry.isFinal {
      times.append(entry.milliseconds)
      heard.insert(entry.server.environment.lowercased())
    }
    if let failure = entry.failure { failures[failure, default: 0] += 1 }
  }

  var exitCode: ExitCode {
    if hosts.isEmpty, notConnected == environments.count { return .nobody }
    if silent > 0 || notConnected > 0 || isShort { return .missing }
    return failed > 0 ? .failure : .success
  }

  /// Whether fewer answered than were expected: so many, or at least one in each environment.
  private var isShort: Bool {
    if let expected { return answered + failed < expected }
    return hosts.isEmpty ? !heard.isSuperset(of: environments) : answered + failed == 0
  }

  /// Some lines for people.
  var text: String {
    var counts = ["\(answered) answered", "\(failed) failed", "\(silent) silent", "\(notConnected) not connected"]
    if let expected, answered + failed < expected { counts.append("\(expected) expected") }
    var text = "\n" + counts.joined(separator: ", ") + "\n"
    if !times.isEmpty {
      let marks = [("min", 0), ("median", 50), ("p95", 95), ("p99", 99)]
      text += marks.map { "\($0) \(Entry.time(percentile($1)))" }.joined(separator: ", ") + "\n"
    }
    let byCount = failures.sorted {
      ($1.value, $0.key.errorClass, $0.key.errorMessage) < ($0.value, $1.key.errorClass, $1.key.errorMessage)
    }
    for (failure, count) in byCount {
      text += "\(count) × \(failure.errorClass): \(failure.errorMessage)\n".escapingButLast
    }
    return text
  }

  /// The smallest time that at least so many in a hundred answers did not exceed.
  private func percentile(_ percent: Int) -> Double {
    let sorted = times.sorted()
    return sorted[max(0, (percent * sorted.count + 99) / 100 - 1)]
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
    try container.encode(percentile(50), forKey: .median)
    try container.encode(percentile(95), forKey: .p95)
    try container.encode(percentile(99), forKey: .p99)
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
