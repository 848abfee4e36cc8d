import Baton
import Testing

@testable import BatonCLI

struct OptionTests {
  private func read<Value>(_ option: Option<Value>, _ texts: String...) throws(UsageError) -> Value {
    try Arguments(operands: [], values: texts.isEmpty ? [:] : [option.spec.name: texts])[option]
  }

  @Test("A flag is on if it is given")
  func flag() throws {
    let option = Option<Bool>.flag("json", short: "j", help: "h")
    #expect(try !read(option))
    #expect(try read(option, ""))
    #expect(option.spec == OptionSpec(name: "json", short: "j", placeholder: nil, help: "h", repeats: false))
  }

  @Test("A value has its default, and the last one given counts")
  func value() throws {
    let option = Option<Duration>.value("wait", placeholder: "time", help: "h", default: .seconds(2))
    #expect(try read(option) == .seconds(2))
    #expect(try read(option, "5m") == .seconds(300))
    #expect(try read(option, "1s", "300ms") == .milliseconds(300))
  }

  @Test("An optional value may be left out")
  func optional() throws {
    let option = Option<Int?>.optional("expect", placeholder: "n", help: "h")
    #expect(try read(option) == nil)
    #expect(try read(option, "3", "5") == 5)
    let text = Option<String?>.optional("hosts-file", placeholder: "path", help: "h")
    #expect(try read(text, "") == "")
  }

  @Test("A list takes all")
  func list() throws {
    let option = Option<[String]>.list("host", placeholder: "fqdn", help: "h")
    #expect(try read(option) == [])
    #expect(try read(option, "a", "b", "a") == ["a", "b", "a"])
    #expect(option.spec.repeats)
  }

  @Test("A count is a whole number from 1", arguments: ["0", "-1", "1.5", "x", "", "99999999999999999999"])
  func count(text: String) {
    #expect(
      throws: UsageError("The value '\(text)' of '--expect' is not usable: it wants a whole number from 1.")
    ) { try read(Option<Int?>.optional("expect", placeholder: "n", help: "h"), text) }
  }

  @Test("A time that is none is refused, also in a list")
  func time() {
    let said = UsageError(
      "The value '2 days\\n' of '--wait' is not usable: it wants a time such as 300ms, 2s or 5m.")
    #expect(throws: said) {
      try read(Option<Duration>.value("wait", placeholder: "t", help: "h", default: .zero), "2 days\n")
    }
    #expect(throws: said) {
      try read(Option<[Duration]>.list("wait", placeholder: "t", help: "h"), "1s", "2 days\n")
    }
  }
}
