import AMQP

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
  /// Between two looks, in milliseconds.
  private static let interval: Int64 = 5000
  /// The first look is soon: the start is over by then, and what it needed is not needed again.
  private static let startTime: Int64 = 1000
  /// Processor time between two looks, in milliseconds. Idle, a service takes a tenth of it.
  private static let work = 10

  private var nextLook: Moment
  /// Processor time that the process had taken at the last look; nil before the first.
  private var used: Int?
  private var hasWorked = true

  init(startedAt start: Moment) { nextLook = start + Self.startTime }

  /// In milliseconds.
  func timeToLook(at now: Moment) -> Int64 { max(0, nextLook - now) }

  /// Whether it is time to give back: the process has worked, or started, and is quiet now.
  ///
  /// - Parameter used: processor time that the process has taken, in milliseconds.
  mutating func isDue(at now: Moment, used: Int) -> Bool {
    guard now >= nextLook else { return false }
    let isAtWork = self.used.map { used - $0 > Self.work } ?? false
    defer {
      nextLook = now + Self.interval
      self.used = used
      hasWorked = isAtWork
    }
    return hasWorked && !isAtWork
  }

  /// Processor time that this process has taken, in milliseconds.
  ///
  /// The corresponding C function is `clock(3)`.
  static var processorTime: Int { clock() / (CLOCKS_PER_SEC / 1000) }
}
