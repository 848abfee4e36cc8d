import Baton

/// The time as a rollout sees it: a clock to wait by, and the date that it shows.
public struct Times: Sendable {
  public let clock: any Clock<Duration>
  /// Milliseconds since 1970.
  public let now: @Sendable () -> Int64

  /// A test gives a clock that it turns itself.
  public init(clock: any Clock<Duration>, now: @escaping @Sendable () -> Int64) {
    self.clock = clock
    self.now = now
  }

  public static let system = Times(clock: ContinuousClock()) { Timestamp.milliseconds }
}
