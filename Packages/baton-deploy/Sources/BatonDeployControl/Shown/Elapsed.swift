/// How long something took, for people.
public enum Elapsed {
  /// `0.4 s`, `12.3 s`, `2 min 05 s`
  public static func text(_ milliseconds: Int64) -> String {
    guard milliseconds >= 60_000 else { return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s" }
    let seconds = milliseconds / 1000
    return "\(seconds / 60) min \(seconds % 60 < 10 ? "0" : "")\(seconds % 60) s"
  }

  public static func text(_ duration: Duration) -> String { text(duration.inMilliseconds) }

  /// `3.1 s`, or `3.1 s – 9.8 s`
  public static func text(_ range: ClosedRange<Int64>) -> String {
    let (least, most) = (text(range.lowerBound), text(range.upperBound))
    return least == most ? least : "\(least) – \(most)"
  }
}
