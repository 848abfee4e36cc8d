/// Somebody who has logged in, and whose browser says so with a secret of its own.
struct Session: Sendable, Hashable {
  let person: String
  /// The password that it was begun with: it ends with it.
  let mark: Fingerprint
  /// In milliseconds since 1970.
  let begun: Int64
  var seen: Int64

  /// From the log-in, whatever is done meanwhile, and without anything being done.
  static let longest: Int64 = 12 * 3_600_000
  static let idle: Int64 = 3_600_000

  func isOver(at now: Int64) -> Bool { now - begun >= Self.longest || now - seen >= Self.idle }
}
