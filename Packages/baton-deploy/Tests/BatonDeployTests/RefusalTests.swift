import Baton
import Foundation
import Testing

@testable import BatonDeploy

/// What an agent does not do.
struct RefusalTests {
  private let host: TestHost

  init() throws { host = try TestHost() }

  @Test("A host that was not told to takes no changes from strangers; questions it answers")
  func policy() async throws {
    try await host.withAgent(try host.configuration(unsigned: false)) { requester in
      let refused = try await requester.deploy("1.0").failure()
      #expect(refused.errorClass == "NotPermitted")
      #expect(try await requester.ask(Lock(Order(app: "shop"), reason: "x")).failure().errorClass == "NotPermitted")
      #expect(try await requester.ask(Current(Order(app: "shop"))).reply().version == nil)
    }
  }

  @Test("A deadline that has passed, a wrong key, a wrong name, a wrong checksum: each is refused for what it is")
  func refused() async throws {
    try await host.makeArtifact("1.0")
    try await host.withAgent(try host.configuration()) { requester in
      func kind(_ request: Deploy) async throws -> String { try await requester.ask(request).failure().errorClass }
      // Of an operator whose clock is an hour behind this host's.
      let late = Order(app: "shop", deadline: Surroundings.now - 3_600_000 + 60_000)
      let expired = try await requester.ask(Deploy(late, version: "1.0")).failure()
      #expect(expired.errorClass == "Expired")
      #expect(expired.errorMessage.contains("by this host's clock it is 20"))
      for version in [
        "../x", "a/b", "-rf", "$(id)", ";id", "a\nb", "a\0", "", ".", "..", String(repeating: "a", count: 300), "ａ",
      ] {
        #expect(try await kind(Deploy(Order(app: "shop"), version: version)) == "Invalid")
      }
      for id in ["../x", "", "a/b", "-x", String(repeating: "a", count: 129)] {
        #expect(try await kind(Deploy(Order(app: "shop", id: id), version: "1.0")) == "Invalid")
      }
      #expect(try await kind(Deploy(Order(app: "shop"), version: "1.0", sha256: "abc")) == "Invalid")
      let wrong = Deploy(Order(app: "shop"), version: "1.0", sha256: String(repeating: "0", count: 64))
      #expect(try await requester.ask(wrong).failure().errorMessage.contains("'verify' failed"))
      let blog = Deploy(Order(app: "blog"), version: "1.0")
      let answers = try await requester.api.ask(
        blog, of: Target("shop.\(host.server.environment)"), count: 1, deadline: .seconds(30))
      guard case .failed(let failure)? = answers.first?.outcome else { throw CancellationError() }
      #expect(failure.errorClass == "NotFound")
      #expect(host.current == nil)
    }
  }

  @Test("A folder that is not there, or `current` that is no link, is refused before anything is touched")
  func folders() async throws {
    try await host.makeArtifact("1.0")
    try await host.withAgent(try host.configuration()) { requester in
      try FileManager.default.createDirectory(atPath: host.path("shop/current"), withIntermediateDirectories: true)
      let inTheWay = try await requester.deploy("1.0").failure()
      #expect(inTheWay.errorMessage.contains("it is no link; move it away"))
      try FileManager.default.removeItem(atPath: host.path("shop"))
      let absent = try await requester.deploy("1.0").failure()
      #expect(absent.errorMessage.contains("see that its folder is there"))
    }
  }

  @Test("A link in the place of a folder of the release leads the agent nowhere")
  func linkInTheWay() async throws {
    try host.write("kept", to: "outside/key")
    try FileManager.default.createDirectory(atPath: host.path("files/1.0"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: host.path("files/1.0/version"), withDestinationPath: "inside")
    try host.write("secret", to: "shop/shared/version/key")
    try await host.pack("1.0")
    try await host.withAgent(try host.configuration("    shared: [version/key]\n")) { requester in
      let failure = try await requester.deploy("1.0").failure()
      #expect(failure.errorMessage.contains("'link' failed"))
      #expect(try host.text("outside/key") == "kept")
    }
  }
}
