import AMQP
import Baton
import BatonDeploy
import BatonStore
import BatonTesting
import DeployTestSupport
import Foundation
import Testing

@testable import BatonDeployControl

struct DriveRecoveryTests {
  private let broker = InMemoryBroker()

  @Test("Those under way are told again with the same id after the connection was lost")
  func reconnects() async throws {
    try await withTestFleet(on: broker, ["web1": .init(.hangs), "web2": .init()]) { fleet in
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
    try await withTestFleet(on: broker, ["web1": .init(.hangs), "web2": .init()]) { fleet in
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
    try await withTestFleet(on: broker, ["web1": .init(.mute)]) { fleet in
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
    try await withTestFleet(on: broker, ["web1": .init(.hangs), "web2": .init()]) { fleet in
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

  @Test("A store that can be written no more ends it before anybody is told")
  func disk() async throws {
    try await withTestFleet(on: broker, ["web1": .init()]) { fleet in
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
}
