import AMQP
import Baton
import BatonProcess
import BatonTesting
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

  @Test("The same id does nothing again, and tells the same end")
  func repeated() async throws {
    try await host.makeArtifact("1.0")
    try await host.withAgent(try host.configuration()) { requester in
      let first = try await requester.deploy("1.0", id: "7").reply()
      let second = try await requester.deploy("1.0", id: "7")
      #expect(try second.reply() == first)
      #expect(second.progress.isEmpty)
      #expect(host.lines("log") == ["restart 1.0"])
      // A refusal is an end as well.
      let refused = try await requester.deploy("../x", id: "8").failure()
      #expect(refused.errorClass == "Invalid")
      #expect(try await requester.deploy("1.0", id: "8").failure() == refused)
    }
  }

  @Test("While one is under way another is told by whom, and questions are answered; it can be stopped")
  func busyAndCancel() async throws {
    for version in ["1.0", "2.0"] { try await host.makeArtifact(version) }
    let lines = TestHost.restart + "    before: [[sh, -c, 'grep -q 1.0 version || { echo waiting; sleep 1000; }']]\n"
    try await host.withAgent(try host.configuration(lines)) { requester in
      _ = try await requester.deploy("1.0").reply()
      let result = try await requester.ask(Deploy(Order(app: "shop", id: "long", by: "ann"), version: "2.0")) {
        progress in
        guard progress.message == "waiting" else { return }
        let busy = try await requester.deploy("1.0").failure()
        #expect(busy.errorClass == "Busy")
        #expect(busy.errorMessage.contains("ann"))
        let running = try await requester.ask(Current(Order(app: "shop"))).reply()
        #expect(running.version == "1.0")
        #expect(running.underWay?.id == "long")
        #expect(running.underWay?.step == .before)
        #expect(try await requester.ask(Cancel(Order(app: "shop"), act: "other")).failure().errorClass == "NotFound")
        let stopped = try await requester.ask(Cancel(Order(app: "shop"), act: "long")).reply()
        #expect(stopped == Stopped(app: "shop", act: "long", outcome: .error, current: "1.0"))
      }
      #expect(try result.failure().errorClass == "Cancelled")
      #expect(host.current == "releases/1.0")
      // And it is free again.
      _ = try await requester.deploy("1.0").reply()
    }
  }

  @Test("Stopped after the switch, it goes back")
  func cancelAfterTheSwitch() async throws {
    for version in ["1.0", "2.0"] { try await host.makeArtifact(version) }
    let lines = TestHost.restart + "    after: [[sh, -c, 'grep -q 1.0 version || { echo waiting; sleep 1000; }']]\n"
    try await host.withAgent(try host.configuration(lines)) { requester in
      _ = try await requester.deploy("1.0").reply()
      let result = try await requester.ask(Deploy(Order(app: "shop"), version: "2.0")) { progress in
        guard progress.message == "waiting" else { return }
        #expect(host.current == "releases/2.0")
        let stopped = try await requester.ask(Cancel(Order(app: "shop"))).reply()
        #expect(stopped.current == "1.0")
      }
      #expect(try result.failure().errorClass == "Cancelled")
      #expect(host.lines("log") == ["restart 1.0", "restart 1.0"])
    }
  }

  @Test("Back to the last good release, or to a named one; without an artifact")
  func rollback() async throws {
    for version in ["1.0", "2.0", "3.0"] { try await host.makeArtifact(version) }
    try await host.withAgent(try host.configuration()) { requester in
      #expect(try await requester.ask(Rollback(Order(app: "shop"))).failure().errorClass == "NotFound")
      for version in ["1.0", "2.0", "3.0"] { _ = try await requester.deploy(version).reply() }
      try FileManager.default.removeItem(atPath: host.path("artifacts"))
      #expect(try await requester.ask(Rollback(Order(app: "shop"))).reply().version == "2.0")
      #expect(host.current == "releases/2.0")
      #expect(try await requester.ask(Rollback(Order(app: "shop"), to: "1.0")).reply().previous == "2.0")
      #expect(host.current == "releases/1.0")
      #expect(try await requester.ask(Rollback(Order(app: "shop"), to: "9")).failure().errorClass == "NotFound")
      let list = try await requester.ask(Releases(Order(app: "shop"))).reply().releases
      #expect(list.map(\.version) == ["3.0", "2.0", "1.0"])
      #expect(list.filter(\.isCurrent).map(\.version) == ["1.0"])
      let acts = try await requester.ask(History(Order(app: "shop"), limit: 2)).reply().acts
      #expect(acts.map(\.kind) == [.rollback, .rollback])
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

  @Test("A locked application is not changed, and says by whom and why; a restart starts it anew")
  func lockAndRestart() async throws {
    try await host.makeArtifact("1.0")
    try await host.withAgent(try host.configuration()) { requester in
      _ = try await requester.deploy("1.0").reply()
      let lock = Lock(Order(app: "shop", by: "ann"), reason: "sale")
      #expect(try await requester.ask(lock).reply().lock.by == "ann")
      #expect(try await requester.ask(Lock(Order(app: "shop", by: "bob"), reason: "x")).reply().lock.by == "ann")
      let refused = try await requester.deploy("1.0").failure()
      #expect(refused == Failure("Locked", "'shop' is locked by ann: sale"))
      #expect(try await requester.ask(Unlock(Order(app: "shop"))).reply().lock?.reason == "sale")
      _ = try await requester.ask(Restart(Order(app: "shop"))).reply()
      #expect(host.lines("log") == ["restart 1.0", "restart 1.0"])
    }
  }

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

  @Test(
    "Of two requests in the same moment one is done, and the other told that it is busy; another application is not")
  func sideBySide() async throws {
    for version in ["1.0", "2.0"] { try await host.makeArtifact(version) }
    try FileManager.default.createDirectory(atPath: host.path("blog"), withIntermediateDirectories: true)
    let waiting =
      "before: [[sh, -c, 'touch ../../../began-$BATON_APP; while ! test -e ../../../go; do sleep 0.01; done']]"
    let blog = """

        blog:
          deploy_to: \(host.path("blog"))
          artifact: {url: "file://\(host.path("artifacts"))/shop-%{version}.tar.gz"}
          \(waiting)
      """
    try await host.withAgent(try host.configuration("    \(waiting)" + blog)) { requester in
      async let first = requester.deploy("1.0")
      async let second = requester.deploy("2.0")
      async let other = requester.ask(Deploy(Order(app: "blog"), version: "1.0"))
      // Both applications are under way at once, and only then go on.
      while !(host.exists("began-shop") && host.exists("began-blog")) { await Task.yield() }
      try host.write("", to: "go")
      let outcomes = try await [first.outcome, second.outcome]
      let done = outcomes.filter { if case .reply = $0 { true } else { false } }
      let busy = outcomes.filter { if case .failed(let failure) = $0 { failure.errorClass == "Busy" } else { false } }
      #expect(done.count == 1)
      #expect(busy.count == 1)
      _ = try await other.reply()
    }
  }

  @Test("Another process that has the lock is told of, and a second agent on the same journal does not start")
  func locks() async throws {
    try await host.makeArtifact("1.0")
    let configuration = try host.configuration()
    let lock = try FileLock(host.path("shop/.deploy.lock"))
    try await host.withAgent(configuration) { requester in
      let failure = try await requester.deploy("1.0").failure()
      #expect(failure.errorClass == "Busy")
      #expect(throws: FileError.self) { try Desk.check(configuration, on: host.server) }
    }
    _ = consume lock
    try await host.withAgent(configuration) { requester in _ = try await requester.deploy("1.0").reply() }
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
