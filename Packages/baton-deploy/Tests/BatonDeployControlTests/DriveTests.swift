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
    try await withTestFleet(on: broker, ["web1": .init(), "web2": .init(), "web3": .init()]) { fleet in
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
    try await withTestFleet(on: broker, ["web1": .init(.fails), "web2": .init()]) { fleet in
      let rollout = try await fleet.drive { $0.canary = 1 }
      #expect(rollout.state == .paused(.failures))
      #expect(rollout.host("web1")?.act.failure?.kind == .failed)
      #expect(rollout.host("web1")?.act.step == .health)
      #expect(try await fleet.told("web2").isEmpty)
    }
  }

  @Test("After too many failures those that have switched go back")
  func rollback() async throws {
    try await withTestFleet(on: broker, ["web1": .init(), "web2": .init(.fails), "web3": .init()]) { fleet in
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
    try await withTestFleet(on: broker, ["web1": .init(), "web2": .init(.mute)], besides: ["web9"], times: times) {
      fleet in
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

  @Test("What runs where, and what was done, is put together from all hosts")
  func fleetAndHistory() async throws {
    try await withTestFleet(on: broker, ["web1": .init(), "web2": .init(), "web3": .init()]) { fleet in
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
}
