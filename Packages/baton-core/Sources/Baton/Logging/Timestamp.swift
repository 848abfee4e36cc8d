#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The time of day for people and for programs.
public enum Timestamp {
  /// Now, in ISO 8601 with milliseconds, in UTC.
  static var now: String { text(milliseconds: milliseconds) }

  /// Milliseconds since 1970.
  public static var milliseconds: Int64 {
    let (seconds, nanoseconds) = clock
    return Int64(seconds) * 1000 + Int64(nanoseconds) / 1_000_000
  }

  /// A time since 1970, in ISO 8601 with milliseconds, in UTC: `2026-03-01T12:00:00.000Z`.
  ///
  /// Not by Foundation's formatter: that one alone maps a megabyte of code into every agent.
  public static func text(milliseconds: Int64) -> String {
    var time = time_t(milliseconds / 1000)
    var parts = tm()
    gmtime_r(&time, &parts)
    let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map(twoDigits)
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { twoDigits(Int($0)) }
    let fraction = "\(milliseconds % 1000 + 1000)".dropFirst()
    return "\(date.joined(separator: "-"))T\(clock.joined(separator: ":")).\(fraction)Z"
  }

  /// Seconds since 1970.
  static var seconds: UInt64 { UInt64(max(0, clock.seconds)) }

  /// The corresponding C function is `clock_gettime(2)`.
  private static var clock: (seconds: Int, nanoseconds: Int) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return (time.tv_sec, time.tv_nsec)
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
