import Testing

@testable import Baton

struct ServerTests {
  private func decode(_ text: String) throws(Unreadable) -> Server {
    try JSONText.decode(Server.self, from: [UInt8](text.utf8))
  }

  @Test("On the wire its names are the gem's")
  func wire() throws {
    let server = Server(environment: "production", fqdn: "web1.example", appNames: ["shop", "blog"])
    let text = #"{"app_names":["shop","blog"],"environment":"production","fqdn":"web1.example"}"#
    #expect(String(decoding: try JSONText.encode(server), as: UTF8.self) == text)
    #expect(try decode(text) == server)
  }

  @Test("What a foreign peer leaves out, or leaves null, is empty")
  func absent() throws {
    #expect(try decode("{}") == Server(environment: "", fqdn: ""))
    #expect(try decode(#"{"environment":null,"fqdn":null,"app_names":null}"#) == Server(environment: "", fqdn: ""))
    #expect(try decode(#"{"fqdn":"a","other":[]}"#) == Server(environment: "", fqdn: "a"))
  }

  @Test(
    "A member of a wrong type is named",
    arguments: [
      (#"{"environment":1}"#, "the member 'environment' is not a string"),
      (#"{"fqdn":[]}"#, "the member 'fqdn' is not a string"),
      (#"{"app_names":{}}"#, "the member 'app_names' is not an array"),
      (#"{"app_names":["a",1]}"#, "the member 'app_names.1' is not a string"),
    ])
  func wrong(text: String, reason: String) {
    #expect(throws: Unreadable(reason)) { try decode(text) }
  }
}
