#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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

  public static let system = Times(clock: ContinuousClock()) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
