import Baton
import Foundation
import Testing

@testable import BatonDeploy

struct DeployTests {
  private let host: TestHost

  init() throws { host = try TestHost() }

  @Test("A deploy goes its way, tells each step, and ends with one success")
  func deploy() async throws {
    try await host.makeArtifact("1.0")
    try host.write("secret", to: "shop/shared/config/key")
    let configuration = try host.configuration(
      """
          shared: [config/key, log/]
          before: [[sh, -c, 'echo before $BATON_APP $BATON_VERSION; cat config/key; echo; pwd']]
          after:
            - run: [sh, -c, 'echo after %{version}']
              env: {COLOR: blue}
      \(TestHost.restart)
          health: [grep, -q, "1.0", version]
      """)
    try await host.withAgent(configuration) { requester in
      let result = try await requester.deploy("1.0")
      let deployed = try result.reply()
      #expect(deployed.version == "1.0")
      #expect(deployed.previous == nil)
      #expect(
        result.done == [
          .accept, .fetch, .verify, .unpack, .link, .before, .activate, .after, .restart, .health, .prune,
        ])
      #expect(result.progress.map(\.sequence) == Array(1...result.progress.count))
      #expect(deployed.sequence == result.progress.count + 1)
      #expect(result.output == ["before shop 1.0", "secret", host.path("shop/releases/1.0"), "after 1.0"])
      #expect(host.current == "releases/1.0")
      #expect(try host.text("shop/current/version") == "1.0")
      #expect(try host.text("shop/current/config/key") == "secret")
      #expect(host.exists("shop/current/log"))
      #expect(host.lines("log") == ["restart 1.0"])
      let running = try await requester.ask(Current(Order(app: "shop"))).reply()
      #expect(running.version == "1.0")
      #expect(running.by == "jo")
      #expect(running.health == .healthy)
      #expect(running.last?.outcome == .success)
      #expect(running.underWay == nil)
    }
  }

  @Test("A release that does not work is taken back, and the old one is started again")
  func goesBack() async throws {
    for version in ["1.0", "2.0"] { try await host.makeArtifact(version) }
    let configuration = try host.configuration(
      TestHost.restart + "    health: {run: [grep, -q, '1.0', ../../current/version], timeout: 30s, interval: 60s}\n")
    try await host.withAgent(configuration) { requester in
      _ = try await requester.deploy("1.0").reply()
      let result = try await requester.deploy("2.0")
      let failure = try result.failure()
      #expect(failure.errorClass == "DeployFailed")
      #expect(failure.errorMessage.contains("'health' failed"))
      #expect(failure.errorMessage.hasSuffix("'1.0' is back"))
      #expect(host.current == "releases/1.0")
      #expect(host.lines("log") == ["restart 1.0", "restart 2.0", "restart 1.0"])
      let running = try await requester.ask(Current(Order(app: "shop"))).reply()
      #expect(running.version == "1.0")
      #expect(running.health == .healthy)
      #expect(running.last?.outcome == .error)
    }
  }

  @Test(
    "What fails before the switch leaves all as it was", arguments: ["fetch", "verify", "unpack", "before", "link"])
  func beforeTheSwitch(step: String) async throws {
    for version in ["1.0", "2.0"] { try await host.makeArtifact(version) }
    var lines = TestHost.restart
    switch step {
    case "fetch": try FileManager.default.removeItem(atPath: host.path("artifacts/shop-2.0.tar.gz"))
    case "verify": try host.write("other", to: "artifacts/shop-2.0.tar.gz")
    case "unpack":
      try host.write("no archive", to: "artifacts/shop-2.0.tar.gz")
      let digest = try Digest(ofFile: host.path("artifacts/shop-2.0.tar.gz"))
      try host.write("\(digest)", to: "artifacts/shop-2.0.tar.gz.sha256")
    case "before": lines += "    before: [[sh, -c, 'echo no >&2; grep -q 1.0 version']]\n"
    default: lines += "    shared: [absent]\n"
    }
    if step == "link" { try host.write("x", to: "shop/shared/absent") }
    try await host.withAgent(try host.configuration(lines)) { requester in
      _ = try await requester.deploy("1.0").reply()
      if step == "link" { try FileManager.default.removeItem(atPath: host.path("shop/shared/absent")) }
      let result = try await requester.deploy("2.0")
      let failure = try result.failure()
      #expect(failure.errorMessage.contains("'\(step)' failed"), "\(failure)")
      #expect(host.current == "releases/1.0")
      #expect(host.lines("log") == ["restart 1.0"])
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: host.path("shop/releases")).allSatisfy {
          !$0.hasPrefix(".")
        })
    }
  }

  @Test("Only so many releases are kept, and the one before the current always")
  func prune() async throws {
    try await host.withAgent(try host.configuration("    keep_releases: 2\n")) { requester in
      for version in ["1", "2", "3", "4"] {
        try await host.makeArtifact(version)
        _ = try await requester.deploy(version).reply()
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: host.path("shop/releases")).sorted() == ["3", "4"])
    }
  }

  @Test("The same version again fetches nothing, unless the artifact is another: then it is refused while it runs")
  func sameVersion() async throws {
    try await host.makeArtifact("1.0")
    try await host.withAgent(try host.configuration()) { requester in
      _ = try await requester.deploy("1.0").reply()
      let again = try await requester.deploy("1.0")
      #expect(try again.reply().version == "1.0")
      #expect(!again.done.contains(.unpack))
      try await host.makeArtifact("1.0", contents: "changed")
      #expect(try await requester.deploy("1.0").failure().errorMessage.contains("the artifact is another now"))
      #expect(try host.text("shop/current/version") == "1.0")
    }
  }

  @Test("An application with a command of its own is deployed by it")
  func command() async throws {
    let configuration = try host.configuration(
      text: """
        STATE_DIR: \(host.path("state"))
        ALLOW_UNSIGNED: true
        APPS:
          shop:
            command: [sh, -c, 'echo deploying %{version} with password=$TOKEN; test $BATON_VERSION != bad']
            env: {TOKEN: hunter22}
        """)
    try await host.withAgent(configuration) { requester in
      let result = try await requester.deploy("1.0")
      #expect(try result.reply().version == "1.0")
      #expect(result.output == ["deploying 1.0 with password=********"])
      #expect(try await requester.ask(Current(Order(app: "shop"))).reply().version == "1.0")
      let failure = try await requester.deploy("bad").failure()
      #expect(failure.errorMessage.contains("'command' failed"))
      #expect(try await requester.ask(Current(Order(app: "shop"))).reply().version == "1.0")
    }
  }

  @Test("The gem's form is taken, from addresses that the configuration allows and from no other")
  func gem() async throws {
    try await host.makeArtifact("4f2a")
    try await host.withAgent(try host.configuration()) { requester in
      func deploy(_ url: String, _ sum: String) -> Deploy {
        var deploy = Deploy(Order(app: "shop"), version: "4f2a")
        deploy.order.app = nil
        deploy.source = .init(url: url, checksumURL: sum, branch: "main")
        return deploy
      }
      let url = "file://\(host.path("artifacts"))/shop-4f2a.tar.gz"
      #expect(try await requester.ask(deploy(url, "\(url).sha256")).reply().version == "4f2a")
      for other in [
        "file:///etc/passwd", "https://evil.example/x", "file://\(host.path("artifacts"))/../state/x",
        "file://\(host.path("artifacts"))/%2e%2e/x",
      ] {
        let failure = try await requester.ask(deploy(other, other)).failure()
        #expect(["NotPermitted", "Invalid"].contains(failure.errorClass))
      }
    }
  }
}
