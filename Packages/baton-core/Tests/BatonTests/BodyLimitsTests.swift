import AMQP
import Testing

@testable import Baton

struct BodyLimitsTests {
  private func reason(_ body: [UInt8]) -> String? {
    do throws(Unreadable) {
      _ = try AnyMessage(Delivery(tag: 1, exchange: "x", routingKey: "", body: body))
      return nil
    } catch {
      return error.reason
    }
  }

  private func reason(_ text: String) -> String? { reason([UInt8](text.utf8)) }

  @Test("A ping with further members and white space is a message")
  func good() {
    #expect(reason(#" { "type" : "ping", "extra": [1, {"a": null}] } "#) == nil)
  }

  @Test(
    "What is no object is refused with the reason",
    arguments: [
      ("", "the body is empty"), ("  \n", "the body is empty"), ("[]", "the body is not a JSON object"),
      ("\"ping\"", "the body is not a JSON object"), ("null", "the body is not a JSON object"),
      ("7", "the body is not a JSON object"), ("\u{FEFF}{\"type\":\"ping\"}", "the body begins with a byte order mark"),
      ("{\"type\":\"ping\"}x", "the body is not valid JSON"),
      ("{\"type\":\"pi\u{0}ng\"}", "the body is not valid JSON"),
      ("{\"type\":\"ping\",}", "the body is not valid JSON"),
      ("{\"type\":\"ping\",\"a\":[1, ]}", "the body is not valid JSON"),
    ])
  func notAnObject(body: String, expected: String) {
    #expect(reason(body) == expected)
  }

  @Test(
    "What is no JSON anywhere in it is refused",
    arguments: [
      "01", "-", "1.", ".5", "1e", "+1", "0x1", "tru", "nul", "True", "NaN", "'a'", #""\x""#, #""\u12G4""#, "\"\t\"",
      "[1 2]", "[,1]", "[1", "{\"b\"}", "{\"b\":}", "{b:1}", "{\"b\":1 \"c\":2}", "{,}", "1}, {", "",
    ])
  func grammar(value: String) {
    #expect(reason(#"{"type":"ping","a":\#(value)}"#) == "the body is not valid JSON")
  }

  @Test(
    "Whatever is JSON is taken",
    arguments: [
      "0", "-0", "10.25e-3", "1E+2", "true", "false", "null", "[]", "{}", "[ { } , [ ] ]", #""\"\\\/\b\f\n\r\t\u00Af""#,
      "\"\u{7F}é\u{2028}\"", "12345678901234567890123",
    ])
  func valid(value: String) {
    #expect(reason(#"{"type":"ping","a": \#(value) }"#) == nil)
  }

  @Test("Among many members, or names beyond ASCII, one that stands twice is found")
  func duplicateAmongMany() {
    let many = (0..<40).map { #""m\#($0)":1"# }.joined(separator: ",")
    #expect(reason(#"{"type":"ping",\#(many)}"#) == nil)
    #expect(reason(#"{"type":"ping",\#(many),"m3":2}"#) == "the member 'm3' stands twice")
    #expect(reason("{\"type\":\"ping\",\"é\":1,\"e\u{301}\":2}") == "the member 'e\u{301}' stands twice")
  }

  @Test("A body cut off at any byte is refused")
  func truncated() {
    let body = [UInt8](#"{"type":"ping","a":["\u0041",{"b":1.5e3}]}"#.utf8)
    for length in 0..<body.count { #expect(reason(Array(body.prefix(length))) != nil, "\(length) bytes") }
    #expect(reason(body) == nil)
  }

  @Test("Bytes that are not UTF-8 are refused")
  func invalidUTF8() {
    #expect(
      reason([UInt8](#"{"type":"ping"#.utf8) + [0xC3, 0x28] + [UInt8](#""}"#.utf8)) == "the body is not valid UTF-8")
  }

  @Test("256 KiB are taken, one byte more is not")
  func size() {
    func body(_ size: Int) -> [UInt8] {
      let frame = #"{"type":"ping","a":""}"#
      return [UInt8](frame.dropLast(2).utf8) + Array(repeating: 0x61, count: size - frame.utf8.count) + [0x22, 0x7D]
    }
    #expect(reason(body(256 * 1024)) == nil)
    #expect(reason(body(256 * 1024 + 1)) == "the body has 262145 bytes, more than 262144")
  }

  @Test("A body that was longer than what is kept of it is refused by its true size")
  func cutBody() {
    let delivery = Delivery(tag: 1, exchange: "", routingKey: "", body: [UInt8]("{}".utf8), bodySize: 2_000_000)
    #expect(throws: Unreadable("the body has 2000000 bytes, more than 262144")) { try AnyMessage(delivery) }
  }

  @Test("Nesting beyond 32 is refused, before a decoder sees it", arguments: [33, 512, 100_000])
  func nesting(depth: Int) {
    func body(_ depth: Int) -> String {
      #"{"type":"ping","a":"# + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
        + "}"
    }
    #expect(reason(body(32)) == nil)
    #expect(reason(body(depth)) == "the body nests deeper than 32")
  }

  @Test(
    "A member that stands twice is refused, however it is written",
    arguments: [
      #"{"type":"ping","type":"deploy"}"#, #"{"type":"ping","\u0074ype":"deploy"}"#,
      #"{"type":"ping","a":{"type":1,"type":2}}"#,
    ])
  func duplicateMembers(body: String) {
    #expect(reason(body) == "the member 'type' stands twice")
  }

  @Test("The same member in different objects is no duplicate")
  func sameNameElsewhere() {
    #expect(reason(#"{"type":"ping","a":{"type":"b"},"c":[{"type":"d"},{"type":"e"}],"f":"type"}"#) == nil)
  }

  @Test(
    "A type that is missing or no string is named",
    arguments: [
      ("{}", "the member 'type' is missing"), (#"{"type":7}"#, "the member 'type' is not a string"),
      (#"{"type":null}"#, "the member 'type' is null, not a string"),
      (#"{"type":"pong","fqdn":["web1"]}"#, "the member 'fqdn' is not a string"),
      (#"{"type":"pong","app_names":"shop"}"#, "the member 'app_names' is not an array"),
    ])
  func wrongTypes(body: String, expected: String) {
    #expect(reason(body) == expected)
  }
}
