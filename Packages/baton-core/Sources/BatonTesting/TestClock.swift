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
    var waiting: [(count: Int, promise: Promise<Void>)] = []
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
      let count = state.sleepers.count
      defer { state.waiting.removeAll { $0.count <= count } }
      return (state.lastSleeper, state.waiting.filter { $0.count <= count }.map(\.promise))
    }
    for promise in waiting { promise.succeed(()) }
    guard let number else { return }
    defer { state.withLock { $0.sleepers[number] = nil } }
    try await promise.value
  }

  /// Waits until at least so many tasks sleep.
  public func sleepers(atLeast count: Int) async throws {
    let promise = Promise<Void>()
    let areThere = state.withLock { state in
      if state.sleepers.count < count { state.waiting.append((count, promise)) }
      return state.sleepers.count >= count
    }
    if !areThere { try await promise.value }
  }

  /// Waits until at least so many tasks sleep, then turns the clock, and so wakes those whose time has come.
  ///
  /// Without that wait a test could turn the clock before the code under test has come to its sleep, which would then never end.
  public func advance(by duration: Duration, sleepers count: Int = 1) async throws {
    try await sleepers(atLeast: count)
    let due = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for number in due.keys { state.sleepers[number] = nil }
      return due.values.sorted { $0.deadline < $1.deadline }
    }
    for sleeper in due { sleeper.promise.succeed(()) }
  }
}
