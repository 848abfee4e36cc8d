#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// When a service that is idle most of the time gives back the memory that idling does not need.
///
/// To start, much of an executable's code runs once, and the kernel maps sixteen pages around each one that is touched: six of ten
/// megabytes. A burst of work leaves some behind as well. The pages stay with the kernel, which has them for somebody else as soon as
/// it needs them, and come back by themselves where they are needed here.
struct Footprint {
  private static let interval: Duration = .seconds(5)
  /// The first look is soon: the start is over by then, and what it needed is not needed again.
  private static let startTime: Duration = .seconds(1)
  /// Processor time between two looks. Idle, a service takes a hundredth of it.
  private static let work: Duration = .milliseconds(10)

  private var nextLook: ContinuousClock.Instant
  /// Processor time that the process had taken at the last look; nil before the first.
  private var used: Duration?
  private var hasWorked = true

  init(startedAt start: ContinuousClock.Instant) { nextLook = start + Self.startTime }

  func timeToLook(at now: ContinuousClock.Instant) -> Duration { max(.zero, now.duration(to: nextLook)) }

  /// Whether it is time to give back: the process has worked, or started, and is quiet now.
  ///
  /// - Parameter used: processor time that the process has taken.
  mutating func isDue(at now: ContinuousClock.Instant, used: Duration) -> Bool {
    guard now >= nextLook else { return false }
    let isAtWork = self.used.map { used - $0 > Self.work } ?? false
    defer {
      nextLook = now + Self.interval
      self.used = used
      hasWorked = isAtWork
    }
    return hasWorked && !isAtWork
  }

  /// Processor time that this process has taken.
  ///
  /// The corresponding C function is `clock(3)`.
  static var processorTime: Duration { .microseconds(clock() / (CLOCKS_PER_SEC / 1_000_000)) }
}
