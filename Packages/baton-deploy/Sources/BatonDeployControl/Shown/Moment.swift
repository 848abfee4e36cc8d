#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Milliseconds since 1970 for people.
public enum Moment {
  /// In ISO 8601 to the second, in UTC: `2026-03-01 14:03:07Z`.
  public static func text(_ milliseconds: Int64) -> String {
    let parts = utc(milliseconds)
    let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map(twoDigits)
    return "\(date.joined(separator: "-")) \(time(parts).joined(separator: ":"))Z"
  }

  /// Only digits and a `T`, for names: `20260301T140307`.
  public static func compact(_ milliseconds: Int64) -> String {
    let parts = utc(milliseconds)
    let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map(twoDigits)
    return "\(date.joined())T\(time(parts).joined())"
  }

  private static func time(_ parts: tm) -> [String] {
    [parts.tm_hour, parts.tm_min, parts.tm_sec].map { twoDigits(Int($0)) }
  }

  /// The corresponding C function is `gmtime_r(3)`.
  private static func utc(_ milliseconds: Int64) -> tm {
    var time = time_t(milliseconds / 1000)
    var parts = tm()
    gmtime_r(&time, &parts)
    return parts
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
