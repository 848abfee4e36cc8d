#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The time of day for people and for programs.
enum Timestamp {
  /// Now, in ISO 8601 with milliseconds, in UTC.
  ///
  /// Not by Foundation's formatter: that one alone maps a megabyte of code into every agent.
  static var now: String {
    let (seconds, nanoseconds) = clock
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map(twoDigits)
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { twoDigits(Int($0)) }
    let milliseconds = "\(nanoseconds / 1_000_000 + 1000)".dropFirst()
    return "\(date.joined(separator: "-"))T\(clock.joined(separator: ":")).\(milliseconds)Z"
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
