import Baton
import BatonProcess
import Foundation
import Testing

@testable import BatonDeploy

/// Who comes first, who has to wait, and what is done once.
struct TurnTests {
  private let host: TestHost

  init() throws { host = try TestHost() }

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
}
