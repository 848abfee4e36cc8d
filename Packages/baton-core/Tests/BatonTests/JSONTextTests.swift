import AMQP
import Testing

@testable import Baton

struct JSONTextTests {
  private struct Order: Codable, Equatable {
    struct Item: Codable, Equatable {
      var name: String
      var count: Int
    }
    var items: [Item]
    var price = 1.5
    var paid = true
    var notes: [String: String] = [:]
  }

  private func refusal<Value: Decodable>(_ type: Value.Type, _ text: String) -> String? {
    do throws(Unreadable) {
      _ = try JSONText.decode(type, from: [UInt8](text.utf8))
      return nil
    } catch {
      return error.description
    }
  }

  @Test("Members are sorted and slashes as they are, so that what is equal looks equal")
  func encode() throws {
    let order = Order(items: [.init(name: "a/b", count: 1)], notes: ["z": "1", "a": "é"])
    #expect(
      String(decoding: try JSONText.encode(order), as: UTF8.self)
        == #"{"items":[{"count":1,"name":"a/b"}],"notes":{"a":"é","z":"1"},"paid":true,"price":1.5}"#)
    #expect(try JSONText.decode(Order.self, from: try JSONText.encode(order)) == order)
  }

  @Test(
    "What is wrong is told with the member's whole path",
    arguments: [
      (#"{"price":1,"paid":true,"notes":{}}"#, "the member 'items' is missing"),
      (#"{"items":{},"price":1,"paid":true,"notes":{}}"#, "the member 'items' is not an array"),
      (#"{"items":[{"name":"a"}],"price":1,"paid":true,"notes":{}}"#, "the member 'items.0.count' is missing"),
      (
        #"{"items":[{"name":"a","count":"1"}],"price":1,"paid":true,"notes":{}}"#,
        "the member 'items.0.count' is not a whole number"
      ),
      (
        #"{"items":[{"name":null,"count":1}],"price":1,"paid":true,"notes":{}}"#,
        "the member 'items.0.name' is null, not a string"
      ), (#"{"items":[7],"price":1,"paid":true,"notes":{}}"#, "the member 'items.0' is not an object"),
      (#"{"items":[],"price":"1","paid":true,"notes":{}}"#, "the member 'price' is not a number"),
      (#"{"items":[],"price":1,"paid":1,"notes":{}}"#, "the member 'paid' is not true or false"),
      (#"{"items":[],"price":1,"paid":true,"notes":[]}"#, "the member 'notes' is not an object"),
      ("[]", "the body is not an object"), ("null", "the body is null, not an object"),
      ("", "the body is not valid JSON"), ("{", "the body is not valid JSON"), ("{} x", "the body is not valid JSON"),
      ("{'a':1}", "the body is not valid JSON"),
    ])
  func refused(text: String, expected: String) {
    #expect(refusal(Order.self, text) == expected)
  }

  @Test("A number that does not fit is told with its place and what would, and not as invalid JSON")
  func unfit() {
    #expect(refusal([String: UInt8].self, #"{"a":256}"#) == "the member 'a' is not a whole number from 0 to 255")
    #expect(refusal([String: Int].self, #"{"a":1.5}"#) == "the member 'a' is not a whole number")
    #expect(refusal([String: Int].self, #"{"a":99999999999999999999}"#) == "the member 'a' is not a whole number")
    #expect(refusal([String: Int].self, #"{"a":1.}"#) == "the body is not valid JSON")
  }

  @Test("Escapes are read as JSON's, and what is none is left as it is")
  func unescape() {
    func unescape(_ text: String) -> String { JSONText.unescape([UInt8](text.utf8)[...]) }
    #expect(unescape("type") == "type")
    #expect(unescape(#"\u0074ype"#) == "type")
    #expect(unescape(#"\q"#) == #"\q"#)
  }
}
