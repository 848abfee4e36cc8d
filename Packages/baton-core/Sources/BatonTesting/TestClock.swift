import AMQP

/// A clock that stands still until the test turns it: what waits for minutes is tested in no time, and always in the same order.
///
/// ```swift
/// let clock = TestClock()
/// try await withService(HelloService(), on: web, broker: broker, clock: clock) { api in
///   broker.disconnectAll()
///   try await clock.advance(by: .seconds(3))
/// }
/// ```
public final class TestClock: Clock {
  /// A time since the clock was made.
  public struct Instant: InstantProtocol {
    public let offset: Duration

    public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    public func duration(to other: Instant) -> Duration { other.offset - offset }
    public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct State {
    var now = Instant(offset: .zero)
    var lastSleeper = 0
    var sleepers: [Int: (deadline: Instant, promise: Promise<Void>)] = [:]
    var waiting: [Waiting] = []

    func isOver(_ waiting: Waiting) -> Bool {
      sleepers.values.count { $0.deadline.offset <= waiting.offset } >= waiting.count
    }
  }

  /// Somebody who waits until so many tasks sleep until then at the latest.
  private struct Waiting {
    let count: Int
    let offset: Duration
    let promise: Promise<Void>
  }

  private let state = Locked(State())

  public init() {}

  public var now: Instant { state.withLock(\.now) }

  public var minimumResolution: Duration { .zero }

  public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
    try Task.checkCancellation()
    let promise = Promise<Void>()
    let (number, waiting) = state.withLock { state -> (Int?, [Promise<Void>]) in
      guard deadline > state.now else { return (nil, []) }
      state.lastSleeper += 1
      state.sleepers[state.lastSleeper] = (deadline, promise)
      let over = state.waiting.filter(state.isOver)
      state.waiting.removeAll(where: state.isOver)
      return (state.lastSleeper, over.map(\.promise))
    }
    for promise in waiting { promise.succeed(()) }
    guard let number else { return }
    defer { state.withLock { $0.sleepers[number] = nil } }
    try await promise.value
  }

  /// Turns the clock, once there are at least so many tasks that this wakes.
  ///
  /// Without that wait a test could turn the clock before the code under test has come to its sleep, which would then never end. Tasks
  /// that sleep for longer do not count: a service has some that look after its connection now and then.
  public func advance(by duration: Duration, waking count: Int = 1) async throws {
    let promise = Promise<Void>()
    let areThere = state.withLock { state in
      let waiting = Waiting(count: count, offset: state.now.offset + duration, promise: promise)
      let isOver = state.isOver(waiting)
      if !isOver { state.waiting.append(waiting) }
      return isOver
    }
    if !areThere { try await promise.value }
    let due = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for number in due.keys { state.sleepers[number] = nil }
      return due.values.sorted { $0.deadline < $1.deadline }
    }
    for sleeper in due { sleeper.promise.succeed(()) }
  }
}
