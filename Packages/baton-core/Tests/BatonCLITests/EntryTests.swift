import AMQP
import Baton
import Testing

@testable import BatonCLI

struct EntryTests {
  private func json(_ entry: Entry) throws -> String { String(decoding: try JSONText.encode(entry), as: UTF8.self) }

  @Test("A reply: the host, its milliseconds, its applications")
  func reply() throws {
    let entry = try #require(Entry(Answer("web1", .reply(Pong()), 12)))
    #expect(entry.isFinal)
    #expect(entry.row == ["web1", "production", "ok", "12.0 ms", "shop blog"])
    #expect(
      try json(entry)
        == #"{"app_names":["shop","blog"],"elapsed_ms":12,"environment":"production","fqdn":"web1","outcome":"reply"}"#)
    #expect(Entry(Answer("web1", .succeeded("fine")))?.status == .answered)
  }

  @Test("A reply with members shows them instead, a success its words")
  func members() throws {
    let entry = try #require(Entry(Answer("web1", .reply(Pong(text: "a\nb", sizes: [1, 2])), 12)))
    #expect(entry.row.last == "sizes=[1,2] text=a\nb")
    #expect(try json(entry).contains(#""reply":{"sizes":[1,2],"text":"a\nb"}"#))
    #expect(Entry(Answer("web1", .succeeded("fine")))?.row.last == "message=fine")
  }

  @Test("A failure: what it is, in the place of the applications")
  func failure() throws {
    let entry = try #require(Entry(Answer("web1", .failed(Failure("IOError", "no")))))
    #expect(entry.isFinal)
    #expect(entry.row == ["web1", "production", "failed", "1.0 ms", "IOError: no"])
    let text = try json(entry)
    #expect(text.contains(#""error_class":"IOError","error_message":"no""#))
    #expect(text.contains(#""outcome":"failed""#))
  }

  @Test("Who did not answer has no time; nobody at all has no name")
  func absent() throws {
    let silent = try #require(Entry(Answer("web1", .silent, 2000)))
    #expect(!silent.isFinal)
    #expect(silent.row.prefix(4) == ["web1", "production", "silent", "–"])
    let nobody = try #require(Entry(Answer("", .notConnected)))
    #expect(!nobody.isFinal)
    #expect(nobody.row.prefix(4) == ["(nobody)", "production", "not connected", "–"])
    #expect(try json(nobody).contains(#""outcome":"not connected""#))
  }

  @Test("Progress is no entry")
  func progress() throws {
    let message = try AnyMessage(
      Delivery(tag: 1, exchange: "", routingKey: "", body: [UInt8](#"{"type":"info"}"#.utf8)))
    #expect(Entry(Answer("web1", .progress(message))) == nil)
  }

  @Test(
    "A time has one digit behind the point",
    arguments: [(0, "0.0 ms"), (0.04, "0.0 ms"), (0.05, "0.1 ms"), (9.96, "10.0 ms"), (1234.5, "1234.5 ms")])
  func time(milliseconds: Double, expected: String) {
    #expect(Entry.time(milliseconds) == expected)
  }
}
