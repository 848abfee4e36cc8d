import Testing

@testable import Baton

struct NamesTests {
  /// What must never be taken for a name, wherever it comes in.
  static let hostile = [
    "", ".", "..", "../x", "a/b", "/etc/passwd", "-rf", "--upload-pack=x", "$(id)", ";id", "a;id", "`id`", "a b", " a",
    "a ", "a\n", "\na", "a\nb", "a\u{0}", "\u{0}", "a\tb", "a\u{1B}[2J", "a%00", "a\\b", "a'b", "a\"b", "a*", "a#b",
    String(repeating: "a", count: 300), "аpp", "ｓｈｏｐ", "shop\u{200B}", "sho\u{0301}p", "\u{212A}ube", "ſhop",
    "a\u{2028}b", "a\u{202E}b", "münchen",
  ]

  @Test("Hostile environments, applications and hosts are refused", arguments: hostile)
  func refused(name: String) {
    #expect(throws: InvalidName.self) { try Names.environment(name) }
    #expect(throws: InvalidName.self) { try Names.app(name) }
    #expect(throws: InvalidName.self) { try Names.host(name) }
  }

  @Test("An environment is in lower case; Chef's own is one")
  func environment() throws {
    #expect(try Names.environment("Production") == "production")
    #expect(try Names.environment("_default") == "_default")
    #expect(try Names.environment("eu-west.1_b") == "eu-west.1_b")
    #expect(try Names.environment(String(repeating: "a", count: 64)).count == 64)
    #expect(throws: InvalidName.self) { try Names.environment(String(repeating: "a", count: 65)) }
  }

  @Test("An application keeps its case")
  func app() throws {
    #expect(try Names.app("Shop-2.0_x") == "Shop-2.0_x")
    #expect(throws: InvalidName.self) { try Names.app(String(repeating: "a", count: 65)) }
  }

  @Test("A host is a DNS name: labels of 63, 253 in all")
  func host() throws {
    let label = String(repeating: "a", count: 63)
    for name in ["web1", "web1.example", "10.0.0.1", "web_1.example", "1a.b-c", "\(label).\(label).\(label)"] {
      #expect(try Names.host(name) == name)
    }
    let longest = "\(label).\(label).\(label).\(label.dropLast(2))"
    #expect(longest.count == 253)
    #expect(try Names.host(longest) == longest)
    for name in [longest + "a", label + "a", "a..b", ".a", "a.", "-a.b", "a-.b", "a.-b", "a:1", "[::1]"] {
      #expect(throws: InvalidName.self, "\(name)") { try Names.host(name) }
    }
  }

  @Test("The refusal is one short line that says what would be right")
  func words() {
    let error = #expect(throws: InvalidName.self) { try Names.app("a\n\u{1B}[2J" + String(repeating: "x", count: 500)) }
    let said = error?.description ?? ""
    #expect(said.hasPrefix("'a\\n\\u{1b}[2Jxxx"))
    #expect(said.hasSuffix("' is not an application's name: \(error?.rule ?? "")"))
    #expect(said.count < 300)
  }
}
