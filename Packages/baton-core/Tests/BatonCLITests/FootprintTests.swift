import AMQP
import Testing

@testable import BatonCLI

struct FootprintTests {
  private let began = Moment.now

  /// What it says of looks at a process that has taken so much time by then; all in milliseconds.
  private func looks(_ looks: [(after: Int64, used: Int)]) -> [Bool] {
    var footprint = Footprint(startedAt: began)
    return looks.map { footprint.isDue(at: began + $0.after, used: $0.used) }
  }

  @Test("What the start needed is given back soon after, and once")
  func start() {
    let given = looks([(900, 40), (1000, 40), (6000, 41), (11_000, 42)])
    #expect(given == [false, true, false, false])
  }

  @Test("What a burst of work left is given back when it is over")
  func burst() {
    let given = looks([(1000, 0), (6000, 4000), (11_000, 8000), (16_000, 8000), (21_000, 8000)])
    #expect(given == [true, false, false, true, false])
  }

  @Test("It tells how long nobody needs to look")
  func timeToLook() {
    var footprint = Footprint(startedAt: began)
    #expect(footprint.timeToLook(at: began) == 1000)
    #expect(footprint.timeToLook(at: began + 2000) == 0)
    _ = footprint.isDue(at: began + 2000, used: 0)
    #expect(footprint.timeToLook(at: began + 2000) == 5000)
  }
}
