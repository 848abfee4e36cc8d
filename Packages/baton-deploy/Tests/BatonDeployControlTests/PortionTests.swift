import DeployTestSupport
import Testing

@testable import BatonDeployControl

struct PortionTests {
  @Test(
    "Numbers and percentages are read, and nothing else",
    arguments: [
      ("3", Portion.count(3)), ("0", .count(0)), ("25%", .percent(25)), ("100%", .percent(100)), ("101%", nil),
      ("-1", nil), ("", nil), ("%", nil), ("2.5", nil), ("3 %", nil), ("٣", nil),
    ])
  func text(text: String, portion: Portion?) {
    #expect(Portion(text: text) == portion)
  }

  @Test("It is never more than there are, nor more than was said")
  func of() {
    #expect(Portion.count(7).of(3) == 3)
    #expect(Portion.percent(34).of(3) == 1)
    #expect(Portion.percent(10).of(9) == 0)
  }
}
