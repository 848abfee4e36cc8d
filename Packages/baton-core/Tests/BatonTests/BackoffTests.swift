import Testing

@testable import Baton

struct BackoffTests {
  /// Gives the largest number always: no luck at all.
  private struct Largest: RandomNumberGenerator {
    func next() -> UInt64 { .max }
  }

  @Test("The ceiling doubles from half a second, and stays at three")
  func ceiling() {
    var backoff = Backoff()
    var generator = Largest()
    let delays = (1...5).map { _ in backoff.next(using: &generator).milliseconds.rounded() }
    #expect(delays == [500, 1000, 2000, 3000, 3000])
  }

  @Test("The wait is a random part of it, and a thousand attempts overflow nothing")
  func jitter() {
    var backoff = Backoff()
    var generator = SystemRandomNumberGenerator()
    let delays = (1...1000).map { _ in backoff.next(using: &generator) }
    #expect(delays.allSatisfy { $0 >= .zero && $0 <= .seconds(3) })
    #expect(Set(delays).count > 900)
  }
}
