import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A point in time, in milliseconds since 1970: what is kept in the state and shown to people.
package struct Moment: Sendable, Hashable {
  package let milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// In ISO 8601, in UTC: `2026-03-01T12:00:00.000Z`.
  package var text: String { Timestamp.text(milliseconds: milliseconds) }

  package static func + (moment: Moment, duration: Duration) -> Moment {
    Moment(milliseconds: moment.milliseconds + Int64(duration.milliseconds))
  }

  package static func - (moment: Moment, duration: Duration) -> Moment {
    Moment(milliseconds: moment.milliseconds - Int64(duration.milliseconds))
  }

  package static func - (later: Moment, earlier: Moment) -> Duration {
    .milliseconds(later.milliseconds - earlier.milliseconds)
  }
}

extension Moment: Comparable {
  package static func < (left: Moment, right: Moment) -> Bool { left.milliseconds < right.milliseconds }
}

extension Moment: Codable {
  package init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }
}

/// The time of day as it was at the program's start, and what has passed since: a clock that somebody sets an hour forward must not
/// make a whole fleet look silent.
package struct SteadyClock: Sendable {
  private let start: Moment
  private let origin = ContinuousClock.now

  package init() {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    start = Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  package var now: Moment { start + origin.duration(to: .now) }
}
