import Baton
import Foundation
import Testing

@testable import BatonDeploy

/// Rollback, restart, lock and cancel.
struct OtherActsTests {
  private let host: TestHost

  init() throws { host = try TestHost() }

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
}
