import AMQP
import Baton
import BatonDeploy
import BatonStore
import BatonTesting
import DeployTestSupport
import Foundation
import Testing

@testable import BatonDeployControl

struct DriveLockTests {
  private let broker = InMemoryBroker()
  private let place = Place(app: "shop", environment: "production")

  @Test("A second operator is told by whom and since when, and touches nothing")
  func lock() async throws {
    try await withTestFleet(on: broker, ["web1": .init(.hangs)]) { fleet in
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
    try await withTestFleet(on: broker, ["web1": .init(.hangs), "web2": .init()]) { fleet in
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
}
