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
    // Before 1970 as well: a time may be what a peer says.
    let fraction = (milliseconds % 1000 + 1000) % 1000
    var time = time_t(milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0))
    var parts = tm()
    gmtime_r(&time, &parts)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    text += String(Int(parts.tm_year) + 1900).utf8
    func append(_ separator: Unicode.Scalar, _ number: Int32, from highest: Int32 = 10) {
      text.append(UInt8(ascii: separator))
      var place = highest
      while place > 0 {
        text.append(UInt8(truncatingIfNeeded: 0x30 + number / place % 10))
        place /= 10
      }
    }
    append("-", parts.tm_mon + 1)
    append("-", parts.tm_mday)
    append("T", parts.tm_hour)
    append(":", parts.tm_min)
    append(":", parts.tm_sec)
    append(".", Int32(fraction), from: 100)
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
  }

  /// Seconds since 1970.
  static var seconds: UInt64 { UInt64(max(0, clock.seconds)) }

  /// The corresponding C function is `clock_gettime(2)`.
  private static var clock: (seconds: Int, nanoseconds: Int) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return (time.tv_sec, time.tv_nsec)
  }
}
