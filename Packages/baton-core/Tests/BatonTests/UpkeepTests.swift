import AMQP
import BatonTesting
import Testing

@testable import Baton

struct UpkeepTests {
  /// How long it waits before each of so many looks, in seconds, on a broker that takes so long to answer.
  private func pauses(_ count: Int, answering time: Duration) async throws -> [Double] {
    let clock = SteppingClock(sleeps: count)
    let channel = StumblingBroker()
    channel.stumble { step, _ in if step == .declare { clock.step(by: time) } }
    let topology = Topology(queue: QueueDeclaration("q"))
    let open = try await channel.channel()
    _ = try await open.declare(topology)
    await #expect(throws: CancellationError.self) {
      try await Upkeep(of: [(topology, "q")], on: open, clock: clock).run()
    }
    return clock.slept.map { $0 / .seconds(1) }
  }

  @Test("It looks every three seconds, a third less or more, and not in step with others")
  func quick() async throws {
    let pauses = try await pauses(50, answering: .milliseconds(1))
    #expect(pauses.allSatisfy { (2...4).contains($0) })
    #expect(Set(pauses).count > 40)
  }

  @Test("A broker that is slow to answer is looked at less often, and never less than every ten seconds or so")
  func slow() async throws {
    let pauses = try await pauses(50, answering: .milliseconds(250))
    #expect(pauses.prefix(2).allSatisfy { (2...4).contains($0) })
    #expect(pauses.dropFirst(2).allSatisfy { (3.3...6.7).contains($0) })
    let stuck = try await self.pauses(50, answering: .seconds(5))
    #expect(stuck.dropFirst(2).allSatisfy { (6.6...13.4).contains($0) })
  }
}

/// A clock that goes on by itself when somebody sleeps, and cancels him in the end.
private final class SteppingClock: Clock {
  typealias Duration = Swift.Duration
  typealias Instant = TestClock.Instant

  private let state: Locked<(now: Instant, slept: [Duration])>
  private let sleeps: Int

  init(sleeps: Int) {
    self.sleeps = sleeps
    state = Locked((TestClock().now, []))
  }

  var now: Instant { state.withLock(\.now) }
  var minimumResolution: Duration { .zero }
  var slept: [Duration] { state.withLock(\.slept) }

  func step(by duration: Duration) { state.withLock { $0.now = $0.now.advanced(by: duration) } }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try state.withLock { state in
      guard state.slept.count < sleeps else { throw CancellationError() }
      state.slept.append(state.now.duration(to: deadline))
      state.now = deadline
    }
  }
}
