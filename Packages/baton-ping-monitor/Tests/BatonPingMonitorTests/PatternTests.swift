import Testing

@testable import BatonPingMonitor

struct PatternTests {
  @Test(
    "A pattern is the whole of what it matches",
    arguments: [
      ("web1.example", "web1.example", true), ("web1", "web1.example", false), ("web*", "web1.example", true),
      ("*.example", "web1.example", true), ("w*1*e", "web1.example", true), ("web?.example", "web12.example", false),
      ("web?.example", "web1.example", true), ("*", "", true), ("", "", true), ("?", "", false), ("a*b", "ab", true),
      ("a*b", "abc", false), ("**", "x", true),
    ])
  func matches(pattern: String, value: String, expected: Bool) {
    #expect(Pattern(pattern).matches(value) == expected)
  }

  @Test("No pattern makes a hostile text slow", .timeLimit(.minutes(1)))
  func hostile() {
    let pattern = Pattern(String(repeating: "a*", count: 30) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 5000)))
  }

  @Test("A matcher reads as it is written, and says what it wants otherwise")
  func matchers() throws {
    let alert = Alert(
      subject: .init(name: "HostSilent", environment: "production", host: "web1.example"), severity: .critical,
      summary: "", startedAt: .at(0), updatedAt: .at(0))
    #expect(try Matcher("host=web*").matches(alert))
    #expect(try !Matcher("host!=web*").matches(alert))
    #expect(try Matcher("severity=critical").matches(alert))
    #expect(try Matcher("app=").matches(alert))
    #expect(try Matcher("host!=web*").text == "host!=web*")
    for text in ["host", "=x", "hots=x", "host!x", ""] {
      #expect(throws: InvalidMatcher.self) { try Matcher(text) }
    }
  }
}
