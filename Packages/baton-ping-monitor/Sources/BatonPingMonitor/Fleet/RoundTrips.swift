/// How long answers to pings took: all of them as a histogram, and those of the last hour by the minute.
package struct RoundTrips: Sendable {
  /// The upper bounds of the buckets, in milliseconds; what is longer goes into one more.
  package static let bounds: [Double] = [0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000]

  /// The answers of some time.
  package struct Tally: Sendable, Hashable, Codable {
    package private(set) var buckets = [Int](repeating: 0, count: RoundTrips.bounds.count + 1)
    package private(set) var sum = 0.0
    package private(set) var longest = 0.0

    package var count: Int { buckets.reduce(0, +) }

    mutating func add(_ milliseconds: Double) {
      buckets[RoundTrips.bounds.firstIndex { milliseconds <= $0 } ?? RoundTrips.bounds.count] += 1
      sum += milliseconds
      longest = max(longest, milliseconds)
    }

    /// About the time that such a part of the answers did not exceed: within a bucket they are taken to be spread evenly.
    package func quantile(_ part: Double) -> Double? {
      guard count > 0 else { return nil }
      let rank = part * Double(count)
      var below = 0
      for (index, bucket) in buckets.enumerated() where bucket > 0 {
        if Double(below + bucket) >= rank {
          let lower = index == 0 ? 0 : RoundTrips.bounds[index - 1]
          let upper = index < RoundTrips.bounds.count ? min(RoundTrips.bounds[index], longest) : longest
          return lower + max(0, upper - lower) * (rank - Double(below)) / Double(bucket)
        }
        below += bucket
      }
      return longest
    }
  }

  /// One minute of the last hour.
  package struct Minute: Sendable, Hashable, Codable {
    /// The number of the minute since 1970.
    package let number: Int64
    package var tally = Tally()
  }

  package private(set) var total = Tally()
  /// The oldest first; minutes without answers are left out.
  package private(set) var minutes: [Minute] = []
  private var isChanged = false

  init(_ minutes: [Minute] = []) { self.minutes = minutes }

  mutating func add(_ milliseconds: Double, at now: Moment) {
    total.add(milliseconds)
    let number = now.milliseconds / 60_000
    if minutes.last?.number != number {
      minutes.append(Minute(number: number))
      minutes.removeAll { $0.number <= number - 60 }
    }
    minutes[minutes.count - 1].tally.add(milliseconds)
    isChanged = true
  }

  /// The minutes, if they have changed since this was last asked.
  mutating func takeChanged() -> [Minute]? {
    defer { isChanged = false }
    return isChanged ? minutes : nil
  }
}
