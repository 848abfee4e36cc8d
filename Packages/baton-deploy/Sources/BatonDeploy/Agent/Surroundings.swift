import Baton

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
  static var now: Int64 { Timestamp.milliseconds }
}
