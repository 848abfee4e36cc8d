import Testing

@testable import BatonCLI

struct FootprintTests {
  private let began = ContinuousClock.now

  /// What it says of looks at a process that has taken so much time by then.
  private func looks(_ looks: [(after: Duration, used: Duration)]) -> [Bool] {
    var footprint = Footprint(startedAt: began)
    return looks.map { footprint.isDue(at: began + $0.after, used: $0.used) }
  }

  @Test("What the start needed is given back soon after, and once")
  func start() {
    let given = looks([
      (.milliseconds(900), .milliseconds(40)), (.seconds(1), .milliseconds(40)), (.seconds(6), .milliseconds(41)),
      (.seconds(11), .milliseconds(42)),
    ])
    #expect(given == [false, true, false, false])
  }

  @Test("What a burst of work left is given back when it is over")
  func burst() {
    let given = looks([
      (.seconds(1), .zero), (.seconds(6), .seconds(4)), (.seconds(11), .seconds(8)), (.seconds(16), .seconds(8)),
      (.seconds(21), .seconds(8)),
    ])
    #expect(given == [true, false, false, true, false])
  }

  @Test("It tells how long nobody needs to look")
  func timeToLook() {
    var footprint = Footprint(startedAt: began)
    #expect(footprint.timeToLook(at: began) == .seconds(1))
    #expect(footprint.timeToLook(at: began + .seconds(2)) == .zero)
    _ = footprint.isDue(at: began + .seconds(2), used: .zero)
    #expect(footprint.timeToLook(at: began + .seconds(2)) == .seconds(5))
  }
}
