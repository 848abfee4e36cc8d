import Testing
import YAML

@testable import Baton

struct NestedSettingsTests {
  private func settings(_ text: String) throws -> Settings {
    try Settings(file: "/etc/x.cfg", root: YAMLParser.parse([UInt8](text.utf8)), environment: [:], flags: [])
  }

  private let text = """
    APPS:
      shop:
        deploy_to: /srv/shop
        keep: 7
        before:
          - [bin/migrate, --all, "a, b"]
          - run: [bin/warm]
            timeout: soon
        restart: [systemctl, restart, shop]
    """

  @Test("What has changed since earlier settings is told by its key, wherever it stands and however deep the change is")
  func changes() throws {
    let earlier = try settings(text + "\nA: 1\nB: [x, y]\nC: {d: e}\n")
    #expect(try settings("A: 1\nC: {d: e}\nB: [x, y]\n\n" + text).changes(since: earlier) == [])
    let later = try settings(text.replacing("keep: 7", with: "keep: 8") + "\nA: 1\nB: [x]\nC: e\nD: new\n")
    #expect(later.changes(since: earlier) == ["APPS", "B", "C", "D"])
    #expect(earlier.changes(since: later) == ["APPS", "B", "C", "D"])
  }

  @Test("Nested values are read as others are, and lists in both forms")
  func reads() throws {
    let shop = try #require(try settings(text).nested("APPS")?.nested("shop"))
    #expect(shop.keys == ["before", "deploy_to", "keep", "restart"])
    #expect(try shop.int("keep", in: 1...9) == 7)
    let steps = try #require(try shop.elements("before", shorthand: "run"))
    let words = try steps.map { try $0.words("run") }
    #expect(try shop.element("restart", shorthand: "run")?.words("run") == ["systemctl", "restart", "shop"])
    #expect(words == [["bin/migrate", "--all", "a, b"], ["bin/warm"]])
  }

  @Test("An error tells the file, the line and the way to the key")
  func errors() throws {
    let shop = try #require(try settings(text).nested("APPS")?.nested("shop"))
    #expect(
      message { try shop.int("keep", in: 1...5) }
        == "/etc/x.cfg:4: APPS.shop.keep is '7'; it wants a whole number from 1 to 5")
    let step = try #require(try shop.elements("before", shorthand: "run")?.last)
    #expect(
      message { try step.duration("timeout") }
        == "/etc/x.cfg:8: APPS.shop.before[2].timeout is 'soon'; it wants a time such as 300ms, 20s, 5m or 1h")
    #expect(message { try shop.nested("keep") } == "/etc/x.cfg:4: APPS.shop.keep is '7'; it wants a mapping")
    #expect(
      message { try shop.checkKeys(["deploy_to", "keeps", "before", "restart"]) }
        == "/etc/x.cfg:4: nobody here knows the key APPS.shop.keep; is it keeps?")
  }

  @Test("Defaults fill in what a mapping does not say, and keep their own place")
  func defaults() throws {
    let all = try settings("A:\n  x: 1\nD:\n  x: 2\n  y: no\n")
    let merged = try #require(try all.nested("A")).with(defaults: try #require(try all.nested("D")))
    #expect(try merged.string("x") == "1")
    #expect(
      message { try merged.int("y", in: 1...2) } == "/etc/x.cfg:5: A.y is 'no'; it wants a whole number from 1 to 2")
  }

  private func message(_ body: () throws -> Any?) -> String {
    do {
      _ = try body()
      return "nothing was thrown"
    } catch {
      return "\(error)"
    }
  }
}
