import DeployTestSupport
import Foundation
import Testing

@testable import BatonDeployControl

struct RolloutStoreTests {
  @Test("What was written is read again by another, changes and all")
  func keeps() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("rollouts.sqlite").path
    var policy = RolloutPolicy()
    policy.pause = .milliseconds(1500)
    var rollout = Rollout(
      .sample, policy, hosts: ["web1", "web2"].map { RolloutHost(fqdn: $0, before: "1") }, skipped: ["web9"])
    do {
      let store = try RolloutStore(path)
      try store.insert(rollout, at: 7)
      let before = rollout
      _ = rollout.next(at: 8)
      rollout.heard(.sample(1), from: "web1", .forward)
      rollout.fail("web1", at: 9)
      try store.update(rollout, since: before)
    }
    let store = try RolloutStore(path)
    #expect(try store.rollout("r1") == rollout)
    #expect(try store.rollout("r2") == nil)
    #expect(try store.open(rollout.plan.place) == ["r1"])
    #expect(try store.places() == [rollout.plan.place])
    #expect(try store.hosts(of: rollout.plan.place) == ["web1", "web2"])
    #expect(try store.hosts(of: Place(app: "shop", environment: "test")).isEmpty)
    let before = rollout
    rollout.close()
    try store.update(rollout, since: before)
    #expect(try store.open(rollout.plan.place).isEmpty)
  }
}
