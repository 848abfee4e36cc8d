import AMQP
import Testing

@testable import Baton

/// Whatever a body is like, a message decoded from it is what Foundation's decoder makes of it.
struct MemberDecoderTests {
  private struct Rich: Message, Hashable {
    static let type = "rich"
    var text: String
    var absent: String?
    var empty: String?
    var list: [String]
    var count: Int
    var ratio: Double?
    var nested: [String: [Int]]?
  }

  private func message(_ members: String) throws -> AnyMessage {
    try AnyMessage(Delivery(tag: 1, exchange: "", routingKey: "", body: [UInt8](#"{"type":"rich",\#(members)}"#.utf8)))
  }

  @Test(
    "Members of many kinds",
    arguments: [
      #""text":"plain","empty":null,"list":[],"count":7"#,
      #" "list" : [ "a" , "b\n" ] , "text" : "t\u00e9 \ud83d\ude00" , "count" : -1 , "ratio": 1e3 "#,
      #""text":"Grüße","list":["é"],"count":0,"nested":{"a":[1,2],"b":[]},"more":{"x":[null,true]}"#,
      #""text":"","list":["a,b]" ,"[c","é" ],"count":1"#, #""text":"","list":[ ],"count":1"#,
      #""te\u0078t":"escaped name","list":[],"count":1,"\u0061bsent":"there""#,
    ])
  func same(members: String) throws {
    let message = try message(members)
    #expect(try message.decode(Rich.self) == JSONText.decode(Rich.self, from: message.body))
  }

  @Test(
    "What does not fit is said in the same words",
    arguments: [
      #""list":[],"count":7"#, #""text":7,"list":[],"count":7"#, #""text":"","list":{},"count":7"#,
      #""text":"","list":[1],"count":7"#, #""text":"","list":["a",["b"]],"count":7"#,
      #""text":"","list":[],"count":7.5"#, #""text":null,"list":[],"count":7"#,
      #""text":"\ud800","list":[],"count":7"#,
    ])
  func wrong(members: String) throws {
    let message = try message(members)
    func reason(_ decode: () throws(Unreadable) -> Rich) -> String? {
      do throws(Unreadable) { _ = try decode() } catch { return error.reason }
      return nil
    }
    let expected = reason { () throws(Unreadable) in try JSONText.decode(Rich.self, from: message.body) }
    #expect(expected != nil)
    #expect(reason { () throws(Unreadable) in try message.decode(Rich.self) } == expected)
  }

  @Test("A sender with applications, and one whose members have escapes, is who it says")
  func sender() throws {
    let members = #""environment":"pr\u006fduction","fqdn":"web1.example","app_names":["shop","b\"log"]"#
    #expect(
      try message(members).sender
        == Server(environment: "production", fqdn: "web1.example", appNames: ["shop", "b\"log"]))
    #expect(try message(#""\u0066qdn":"web1.example""#).sender.fqdn == "web1.example")
  }
}
