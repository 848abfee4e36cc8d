/// What a rule makes of a run.
public struct Finding: Sendable, Equatable {
  /// Numbers for people, a line each.
  public var measures: [String] = []
  /// What must not be; empty if the invariant holds.
  public var violations: [String] = []

  /// Many of one kind are told as the first few and their number.
  mutating func violate(_ what: String, by cases: [String]) {
    guard !cases.isEmpty else { return }
    let more = cases.count > 3 ? ", …" : ""
    violations.append("\(cases.count) × \(what): \(cases.sorted().prefix(3).joined(separator: ", "))\(more)")
  }
}

extension [Double] {
  /// The smallest that at least such a part of them does not exceed; nil of none.
  func percentile(_ part: Double) -> Double? {
    guard !isEmpty else { return nil }
    return sorted()[Swift.max(0, Int((part * Double(count)).rounded(.up)) - 1)]
  }

  /// `p50 0.31 s, p99 2.90 s, longest 2.90 s of 20`
  var inWords: String {
    let marks = [("p50", 0.5), ("p99", 0.99), ("longest", 1)].compactMap { name, part in
      percentile(part).map { "\(name) \($0.twoDecimals) s" }
    }
    return marks.joined(separator: ", ") + " of \(count)"
  }
}

extension Double {
  var twoDecimals: String {
    let hundredths = Int((self * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
