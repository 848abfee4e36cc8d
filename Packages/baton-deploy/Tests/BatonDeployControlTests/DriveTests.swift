import AMQP
import Baton
import BatonDeploy
import BatonStore
import BatonTesting
import DeployTestSupport
import Foundation
import Testing

@testable import BatonDeployControl

struct DriveTests {
  private let broker = InMemoryBroker()
  private let place = Place(app: "shop", environment: "production")

  @Test("A rollout goes over all hosts, and each is told once")
  func all() async throws {
    try await withFleet(["web1": .init(), "web2": .init(), "web3": .init()]) { fleet in
      let rollout = try await fleet.drive { $0.wave = .count(2) }
      #expect(rollout.state == .ended)
      #expect(RolloutSummary(rollout).groups.map(\.hosts.count) == [3])
      for host in fleet.hosts.values {
        #expect(await host.told == [.init(type: "deploy", id: "r1", version: "2")])
      }
      #expect(try fleet.store.rollout("r1") == rollout)
    }
  }

  @Test("A canary that fails keeps the others as they are")
  func canary() async throws {
    try await withFleet(["web1": .init(.fails), "web2": .init()]) { fleet in
      let rollout = try await fleet.drive { $0.canary = 1 }
      #expect(rollout.state == .paused(.failures))
      #expect(rollout.host("web1")?.act.failure?.kind == .failed)
      #expect(rollout.host("web1")?.act.step == .health)
      #expect(try await fleet.told("web2").isEmpty)
    }
  }

  @Test("After too many failures those that have switched go back")
  func rollback() async throws {
    try await withFleet(["web1": .init(), "web2": .init(.fails), "web3": .init()]) { fleet in
      let rollout = try await fleet.drive {
        $0.wave = .count(1)
        $0.rollsBack = true
      }
      #expect(rollout.state == .ended)
      #expect(rollout.host("web1")?.undo?.phase == .done)
      #expect(try await fleet.told("web1").last == .init(type: "rollback", id: "r1-undo", version: "1"))
      #expect(try await fleet.told("web3").isEmpty)
    }
  }

  @Test("A host that is not there and one that says nothing are told apart when their time is over")
  func missing() async throws {
    let clock = TestClock()
    let times = Times(clock: clock) { Int64(clock.now.offset.milliseconds) }
    try await withFleet(["web1": .init(), "web2": .init(.mute)], besides: ["web9"], times: times) { fleet in
      var isDone = false
      var isUnrouted = false
      let rollout = try await fleet.drive {
        $0.wave = .count(3)
        $0.maxFailures = .count(3)
      } each: { event in
        if case .done = event.what { isDone = true }
        if case .unrouted = event.what { isUnrouted = true }
        guard isDone, isUnrouted, event.rollout.underWay.count == 2 else { return }
        try await clock.advance(by: .seconds(11))
      }
      #expect(rollout.host("web1")?.act.phase == .done)
      #expect(rollout.host("web2")?.act.phase == .silent)
      #expect(rollout.host("web9")?.act.phase == .notConnected)
      #expect(rollout.state == .paused(.failures))
    }
  }

  @Test("Those under way are told again with the same id after the connection was lost")
  func reconnects() async throws {
    try await withFleet(["web1": .init(.hangs), "web2": .init()]) { fleet in
      var isCut = false
      let rollout = try await fleet.drive {
        $0.wave = .count(1)
      } each: { event in
        guard case .progress = event.what, !isCut else { return }
        isCut = true
        await fleet.hosts["web1"]?.behave(.succeeds)
        broker.disconnectAll()
      }
      #expect(rollout.state == .ended)
      #expect(RolloutSummary(rollout).count(.done) == 2)
      let told = try await fleet.told("web1")
      #expect(told.count >= 2)
      #expect(Set(told) == [.init(type: "deploy", id: "r1", version: "2")])
    }
  }

  @Test("When only the lock is lost it is taken again, and those under way are told again")
  func lockLost() async throws {
    try await withFleet(["web1": .init(.hangs), "web2": .init()]) { fleet in
      var isCut = false
      let rollout = try await fleet.drive {
        $0.wave = .count(1)
      } each: { event in
        guard case .progress = event.what, !isCut else { return }
        isCut = true
        await fleet.hosts["web1"]?.behave(.succeeds)
        broker.deleteQueue("baton-deploy.lock.shop.production")
      }
      #expect(rollout.state == .ended)
      #expect(try await fleet.told("web1").count == 2)
      #expect(try await fleet.told("web2").count == 1)
    }
  }

  @Test("A host that starts anew is told again with the same id")
  func up() async throws {
    try await withFleet(["web1": .init(.mute)]) { fleet in
      let rollout = try await fleet.drive {
        $0.wave = .count(1)
      } each: { event in
        guard case .told = event.what, try await fleet.told("web1").count < 2 else { return }
        await fleet.hosts["web1"]?.behave(.succeeds)
        let channel = try await broker.channel()
        let up = try Output(Up(), from: Server(environment: "production", fqdn: "web1"))
        _ = try await channel.publish([up.publishing(to: "baton_deploy_out", appID: "test")])
        await channel.close()
      }
      #expect(rollout.state == .ended)
      #expect(Set(try await fleet.told("web1")) == [.init(type: "deploy", id: "r1", version: "2")])
    }
  }

  @Test("The operator's stop lets those under way end; resumed from disk it goes on with the rest")
  func stop() async throws {
    try await withFleet(["web1": .init(.hangs), "web2": .init()]) { fleet in
      let stop = StopSignal()
      let paused = try await fleet.drive(until: stop) {
        $0.wave = .count(1)
      } each: { event in
        switch event.what {
        case .progress: stop.request()
        case .turned:
          // The host goes down in the middle, and comes back with the result.
          await fleet.hosts["web1"]?.behave(.succeeds)
          broker.disconnectAll()
        default: break
        }
      }
      #expect(!RolloutSummary(paused).groups.contains { $0.hosts == ["web2"] && $0.phase == .done })
      // What it is told is old: what counts is on disk.
      var ended = Rollout(.sample, RolloutPolicy(), hosts: [])
      for try await event in fleet.control.resume(ended, in: fleet.store, until: StopSignal()) { ended = event.rollout }
      #expect(ended.state == .ended)
      #expect(RolloutSummary(ended).count(.done) == 2)
      #expect(Set(try await fleet.told("web1")).count == 1)
      #expect(try await fleet.told("web2").count == 1)
    }
  }

  @Test("A second operator is told by whom and since when, and touches nothing")
  func lock() async throws {
    try await withFleet(["web1": .init(.hangs)]) { fleet in
      var held: LockHeld?
      let stop = StopSignal()
      _ = try await fleet.drive(until: stop) {
        // The host hangs for so long, and the second operator has to be told meanwhile.
        $0.limit = .seconds(5)
      } each: { event in
        guard case .progress = event.what else { return }
        do {
          let plan = RolloutPlan(id: "r2", act: .restart, place: place, by: "sam@desk")
          let second = Rollout(plan, RolloutPolicy(), hosts: [RolloutHost(fqdn: "web1", before: nil)])
          for try await _ in fleet.control.begin(second, in: fleet.store, until: StopSignal()) {}
        } catch {
          held = error as? LockHeld
        }
      }
      let holder = try #require(held?.holder)
      #expect(holder.by == "jo@laptop")
      #expect(holder.act == "deploy 2")
      #expect(holder.since > 0)
      #expect(try await fleet.told("web1").count == 1)
      #expect(try fleet.store.rollout("r2") == nil)
      #expect(try await fleet.control.holder(of: place) == nil)
    }
  }

  @Test(
    "Another operator who cancels is told by whom it is rolled out, and no other host begins; not if he means another rollout"
  )
  func stoppedByAnother() async throws {
    try await withFleet(["web1": .init(.hangs), "web2": .init()]) { fleet in
      let other = DeployControl(broker: broker, by: "sam@desk", logger: .discarding)
      var holders: [String?] = []
      var stoppers: [String] = []
      let rollout = try await fleet.drive {
        $0.wave = .count(1)
      } each: { event in
        if case .stopped(let by) = event.what {
          stoppers.append(by)
          // What the host is at ends.
          await fleet.hosts["web1"]?.behave(.fails)
          broker.disconnectAll()
        }
        guard case .progress = event.what, holders.isEmpty else { return }
        holders.append(try await other.stop(place, id: "another")?.by)
        holders.append(try await other.stop(place, id: "r1")?.by)
      }
      #expect(holders == ["jo@laptop", "jo@laptop"])
      #expect(stoppers == ["sam@desk"])
      #expect(rollout.state == .paused(.operator))
      #expect(try await fleet.told("web2").isEmpty)
      #expect(try await other.stop(place) == nil)
    }
  }

  @Test("A store that can be written no more ends it before anybody is told")
  func disk() async throws {
    try await withFleet(["web1": .init()]) { fleet in
      // Read-only rights would not hold root back; a table that is gone holds everybody.
      let path = fleet.folder.appendingPathComponent("broken.sqlite").path
      let broken = try RolloutStore(path)
      try Store(path, migrations: [Migration("SELECT 1"), Migration("SELECT 1"), Migration("DROP TABLE hosts")])
        .transaction { _ in }
      let rollout = Rollout(.sample, RolloutPolicy(), hosts: [RolloutHost(fqdn: "web1", before: "1")])
      await #expect(throws: StoreError.self) {
        for try await _ in fleet.control.begin(rollout, in: broken, until: StopSignal()) {}
      }
      #expect(try await fleet.told("web1").isEmpty)
    }
  }

  @Test("What runs where, and what was done, is put together from all hosts")
  func fleetAndHistory() async throws {
    try await withFleet(["web1": .init(), "web2": .init(), "web3": .init()]) { fleet in
      _ = try await fleet.drive { _ in }
      let found = try await fleet.control.fleet(place, hosts: ["web2", "web1", "web9"])
      #expect(found.hosts.map(\.server.fqdn) == ["web2", "web1"])
      #expect(found.gathered.notConnected == ["web9"])
      #expect(found.versions.map(\.version) == ["2"])
      #expect(found.drifting.isEmpty)
      let (history, _) = try await fleet.control.history(place, hosts: ["web1", "web2", "web3"], limit: 10)
      #expect(history.entries.map(\.id) == ["a1"])
      #expect(history.entries.first?.succeeded == ["web1", "web2", "web3"])
    }
  }

  // MARK: - A fleet

  private struct TestFleet {
    let hosts: [String: FakeHost]
    let besides: [String]
    let control: DeployControl
    let store: RolloutStore
    let folder: URL

    func told(_ host: String) async throws -> [FakeHost.Told] { try #require(await hosts[host]?.told) }

    /// Rolls out version 2, and gives how it ended.
    func drive(
      until stop: StopSignal = StopSignal(), _ change: (inout RolloutPolicy) -> Void,
      each: (RolloutEvent) async throws -> Void = { _ in }
    ) async throws -> Rollout {
      var policy = RolloutPolicy()
      // What never comes is to fail a test, not to keep it.
      (policy.patience, policy.limit) = (.seconds(10), .seconds(10))
      change(&policy)
      let names = hosts.keys.sorted() + besides
      let rollout = Rollout(.sample, policy, hosts: names.map { RolloutHost(fqdn: $0, before: "1") })
      var last = rollout
      for try await event in control.begin(rollout, in: store, until: stop) {
        last = event.rollout
        try await each(event)
      }
      return last
    }
  }

  private func withFleet(
    _ hosts: [String: FakeHost], besides: [String] = [], times: Times = .system, body: (TestFleet) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let fleet = TestFleet(
      hosts: hosts, besides: besides,
      control: DeployControl(broker: broker, by: "jo@laptop", logger: .discarding, times: times),
      store: try RolloutStore(folder.appendingPathComponent("rollouts.sqlite").path), folder: folder)
    try await serve(hosts.keys.sorted()[...], of: hosts) { try await body(fleet) }
  }

  private func serve(
    _ names: ArraySlice<String>, of hosts: [String: FakeHost], body: () async throws -> Void
  ) async throws {
    guard let name = names.first else { return try await body() }
    let server = Server(environment: "production", fqdn: name)
    try await withService(FakeDeployService(hosts), on: server, broker: broker) { _ in
      try await serve(names.dropFirst(), of: hosts, body: body)
    }
  }
}
