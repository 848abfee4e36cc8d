#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A point on a clock that nobody sets, in whole milliseconds; the time between two is a number of milliseconds.
///
/// Looking at the time is most of what an idle agent does. `ContinuousClock` counts in 128 bits, in attoseconds: half a megabyte more of
/// code that stays in memory.
package struct Moment: Sendable, Comparable {
  private let milliseconds: Int64

  /// The corresponding C function is `clock_gettime(2)`; the time that a machine sleeps counts.
  package static var now: Moment {
    #if os(Linux)
      let clock = CLOCK_BOOTTIME
    #else
      let clock = CLOCK_MONOTONIC
    #endif
    var time = timespec()
    clock_gettime(clock, &time)
    return Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  package static func < (left: Moment, right: Moment) -> Bool { left.milliseconds < right.milliseconds }
  package static func - (left: Moment, right: Moment) -> Int64 { left.milliseconds - right.milliseconds }
  package static func + (left: Moment, right: Int64) -> Moment { Moment(milliseconds: left.milliseconds + right) }
}
