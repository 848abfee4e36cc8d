import Testing

@testable import Baton

struct JSONValueTests {
  private func decode(_ text: String) throws -> JSONValue {
    try JSONText.decode(JSONValue.self, from: [UInt8](text.utf8))
  }

  @Test(
    "Every kind of value",
    arguments: [
      ("null", .null), ("true", .bool(true)), ("0", .int(0)), ("1", .int(1)), ("-7", .int(-7)), ("1.5", .double(1.5)),
      ("9223372036854775807", .int(.max)), ("1e300", .double(1e300)), (#""a""#, .string("a")),
      (#""true""#, .string("true")),
      (#"[1,"a",[null]]"#, .array([.int(1), .string("a"), .array([.null])])), ("{}", .object([:])),
      (#"{"a":{"b":[]}}"#, .object(["a": .object(["b": .array([])])])),
    ] as [(String, JSONValue)])
  func kinds(text: String, value: JSONValue) throws {
    #expect(try decode(text) == value)
    #expect(try decode(String(decoding: try JSONText.encode(value), as: UTF8.self)) == value)
  }

  @Test("Members and text are there where they are, and nil elsewhere")
  func access() throws {
    let value = try decode(#"{"a":"x","b":7}"#)
    #expect(value["a"]?.string == "x")
    #expect(value["b"]?.string == nil)
    #expect(value["c"] == nil)
    #expect(value["a"]?["a"] == nil)
  }
}
