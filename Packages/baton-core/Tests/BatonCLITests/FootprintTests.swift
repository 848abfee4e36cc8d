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
    let given = looks([(2900, 40), (3000, 40), (8000, 41), (13_000, 42)])
    #expect(given == [false, true, false, false])
  }

  @Test("What a burst of work left is given back when it is over")
  func burst() {
    let given = looks([(3000, 0), (8000, 4000), (13_000, 8000), (18_000, 8000), (23_000, 8000)])
    #expect(given == [true, false, false, true, false])
  }

  @Test("It tells how long nobody needs to look")
  func timeToLook() {
    var footprint = Footprint(startedAt: began)
    #expect(footprint.timeToLook(at: began) == 3000)
    #expect(footprint.timeToLook(at: began + 4000) == 0)
    _ = footprint.isDue(at: began + 4000, used: 0)
    #expect(footprint.timeToLook(at: began + 4000) == 5000)
  }
}
