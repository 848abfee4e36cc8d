import Testing

@testable import Scaffold

struct ExtensionNameTests {
  @Test("From a name follow those of the package, the exchanges, the types and the module")
  func derived() throws {
    let name = try ExtensionName("my-app-2")
    #expect(name.package == "baton-my-app-2")
    #expect(name.service == "baton_my_app_2")
    #expect(name.type == "MyApp2")
    #expect(name.module == "BatonMyApp2")
  }

  @Test("Names", arguments: ["hello", "a", "x9", "disk-space", "a-1-b", String(repeating: "a", count: 40)])
  func good(name: String) throws {
    #expect(try ExtensionName(name).text == name)
  }

  @Test(
    "What could not be a folder, an executable, an exchange and a module alike is refused, with what would be right",
    arguments: [
      "", ".", "..", "../x", "a/b", "/etc/passwd", "-rf", "--upload-pack=x", "$(id)", ";id", "`id`", "a\nb", "a\0b",
      "a b",
      "hello\u{202E}", "h\u{435}llo", "ünder", "２x", "Hello", "my_app", "my.app", "2x", "-a", "a-", "a--b", "\"", "'",
      "\\",
      String(repeating: "a", count: 41), String(repeating: "a", count: 300),
    ])
  func bad(name: String) {
    #expect {
      try ExtensionName(name)
    } throws: { error in
      guard let refusal = error as? Refusal else { return false }
      return refusal.kind == .usage && refusal.remedy.hasPrefix(ExtensionName.rule)
        && !refusal.description.contains("\n") && !refusal.description.contains("\u{202E}")
    }
  }

  @Test(
    "The name that was meant is told",
    arguments: [("My_App", "my-app"), ("../x", "x"), ("a--b", "a-b"), ("Disk Space", "disk-space")])
  func near(name: String, meant: String) {
    #expect { try ExtensionName(name) } throws: { "\($0)".hasSuffix(", such as '\(meant)'") }
  }

  @Test(
    "Names that baton has itself, and those that begin with it", arguments: ["core", "cli", "ping", "baton", "baton-x"])
  func taken(name: String) {
    #expect { try ExtensionName(name) } throws: { "\($0)".contains("baton") }
  }
}
