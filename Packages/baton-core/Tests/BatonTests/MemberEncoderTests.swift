import Testing

@testable import Baton

/// Whatever a message is like, its body is what Foundation's encoder writes.
struct MemberEncoderTests {
  private let server = Server(
    environment: "production", fqdn: "web1.example", appNames: ["shop", "a\"b", "é\u{1F600}"])

  private func expectSame<M: Message>(_ message: M) throws {
    for sender in [nil, server, Server(environment: "a/b\n", fqdn: "\u{7F}\\", appNames: [])] {
      let expected = try JSONText.encode(Envelope(message: message, sender: sender))
      #expect(
        String(decoding: try message.body(from: sender), as: UTF8.self) == String(decoding: expected, as: UTF8.self))
    }
  }

  private struct Empty: Message { static let type = "empty" }

  private struct Rich: Message {
    static let type = "rich"
    var text = "plain", escaped = "tab\t \"quote\" \\ \u{1}", wide = "Grüße \u{2028}"
    var count = -7, byte: UInt8 = 255, ratio = 0.1, isOn = true, nothing: String?, none: Int?
    var list = ["b", "a"], numbers = [1, 2], nested = ["z": ["y": 1], "a": [:]], inner = Inner()
    struct Inner: Codable { var x = "1" }
  }

  private struct Named: Message {
    static let type = "named"
    var small = 1
    var large = 2
    var long = 3
    enum CodingKeys: String, CodingKey {
      case small = "a_b"
      case large = "B"
      case long = "a_bc"
    }
  }

  /// With a name that no escape-free text is, and with members that the frame has as well.
  private struct Odd: Message {
    static let type = "odd"
    var values = ["é": 1, "e\u{301}x": 2, "\"": 3, "type": 4, "fqdn": 5]
    func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
    init() {}
    init(from decoder: any Decoder) throws { values = try [String: Int](from: decoder) }
  }

  private struct Clashing: Message {
    static let type = "clashing"
    var environment = "mine", fqdn: String?
  }

  private struct Contained: Message {
    static let type = "contained"
    enum Key: String, CodingKey { case outer, list, inner, above }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      var nested = container.nestedContainer(keyedBy: Key.self, forKey: .outer)
      try nested.encode("x", forKey: .inner)
      var list = container.nestedUnkeyedContainer(forKey: .list)
      try list.encode(1)
      try "y".encode(to: container.superEncoder(forKey: .above))
      try container.encodeNil(forKey: .inner)
    }
    init() {}
    init(from decoder: any Decoder) throws {}
  }

  @Test("A message without members") func empty() throws { try expectSame(Empty()) }
  @Test("A message with members of many kinds") func rich() throws { try expectSame(Rich()) }
  @Test("Names of either case, and one that begins as another") func named() throws { try expectSame(Named()) }
  @Test("A dictionary, with names of all kinds") func odd() throws { try expectSame(Odd()) }
  @Test("A message with its sender's members") func clashing() throws { try expectSame(Clashing()) }
  @Test("A message that asks for containers within its own") func contained() throws { try expectSame(Contained()) }

  @Test("What cannot be encoded is said")
  func infinite() {
    var message = Rich()
    message.ratio = .infinity
    #expect(throws: EncodingError.self) { try message.body(from: server) }
  }
}
