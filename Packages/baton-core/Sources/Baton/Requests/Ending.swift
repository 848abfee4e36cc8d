/// When the wait for answers is over; whichever comes first. Named hosts that have all answered, or are not connected, end it as well.
public struct Ending: Sendable, Hashable {
  /// The longest wait. It is also the request's time to live.
  public var deadline: Duration
  /// So many hosts have given a final answer.
  public var count: Int?
  /// So long no answer has come after one had.
  public var quiet: Duration?

  public init(deadline: Duration = .seconds(2), count: Int? = nil, quiet: Duration? = nil) {
    self.deadline = deadline
    self.count = count
    self.quiet = quiet
  }
}
