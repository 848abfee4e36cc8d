#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What an agent has around it: other in tests.
public struct Surroundings: Sendable {
  /// The words that start this program's own subcommand `unpack`.
  public var unpacker: [String]
  public var clock: any Clock<Duration> = ContinuousClock()
  /// Called at each point between two changes of the journal or of the disk, with its name (`switch.begun`, `switch.done`): where a
  /// test ends the process.
  public var failpoint: @Sendable (String) -> Void = { _ in }

  public init(unpacker: [String]) { self.unpacker = unpacker }

  /// Milliseconds since 1970.
  ///
  /// The corresponding C function is `clock_gettime(2)`.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
