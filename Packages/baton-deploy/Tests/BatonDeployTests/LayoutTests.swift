import Foundation
import Testing

@testable import BatonDeploy

struct LayoutTests {
  private let host: TestHost
  private let layout: Layout

  init() throws {
    host = try TestHost()
    layout = Layout(path: host.path("shop"), owner: nil)
    try layout.prepare()
    for version in ["1", "2"] { try host.write(version, to: "shop/releases/\(version)/version") }
  }

  @Test("Whoever resolves `current` without a pause sees one whole release or another, at every moment")
  func atomic() async throws {
    try layout.activate("1", by: "a")
    let path = host.path("shop/current/version")
    // Ended below.
    let reader = Task.detached {
      var seen: Set<String> = []
      while !Task.isCancelled { seen.insert((try? String(contentsOfFile: path, encoding: .utf8)) ?? "nothing") }
      return seen
    }
    for number in 1...1000 { try layout.activate(number.isMultiple(of: 2) ? "1" : "2", by: "a") }
    reader.cancel()
    #expect(await reader.value == ["1", "2"])
  }

  @Test("A release takes the place of an earlier one of its name, and nothing is left of that")
  func adopt() throws {
    try host.write("new", to: "shop/releases/.incoming-a/version")
    try layout.adopt("a", as: "2")
    #expect(try host.text("shop/releases/2/version") == "new")
    #expect(try FileManager.default.contentsOfDirectory(atPath: host.path("shop/releases")).sorted() == ["1", "2"])
  }

  @Test("Removing a release follows no link out of it, and needs no rights in it")
  func remove() throws {
    try host.write("kept", to: "outside/file")
    try FileManager.default.createSymbolicLink(
      atPath: host.path("shop/releases/1/out"), withDestinationPath: host.path("outside"))
    try host.write("x", to: "shop/releases/1/locked/x")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0], ofItemAtPath: host.path("shop/releases/1/locked"))
    try layout.remove(["1"])
    #expect(!host.exists("shop/releases/1"))
    #expect(try host.text("outside/file") == "kept")
  }

  @Test("What `current` is, if it is one of the releases")
  func currentVersion() throws {
    #expect(layout.currentVersion() == nil)
    try layout.activate("2", by: "a")
    #expect(layout.currentVersion() == "2")
    try FileManager.default.removeItem(atPath: host.path("shop/current"))
    try FileManager.default.createSymbolicLink(atPath: host.path("shop/current"), withDestinationPath: "/somewhere/1")
    #expect(layout.currentVersion() == nil)
  }
}
