import Testing

@testable import Baton

struct DurationTextTests {
  @Test(
    "A number with its unit, seconds without one",
    arguments: [
      ("300ms", .milliseconds(300)), ("2s", .seconds(2)), ("2", .seconds(2)), ("0.5s", .milliseconds(500)),
      ("5m", .seconds(300)), ("1.5h", .seconds(5400)), ("0", .zero),
    ] as [(String, Duration)])
  func good(text: String, expected: Duration) {
    #expect(Duration(text: text) == expected)
  }

  @Test(
    "What is none",
    arguments: [
      "", "s", "ms", "-1s", "+1s", "1 s", " 1s", "1d", "1S", "1.2.3s", ".", "1e3", "0x1s", "inf", "nan", "½s", "٣s",
      "99999999999999s", "1s\n",
    ])
  func bad(text: String) {
    #expect(Duration(text: text) == nil)
  }

  @Test("Milliseconds keep their fraction")
  func milliseconds() {
    #expect(Duration.microseconds(1_234_567).milliseconds == 1234.567)
  }
}
