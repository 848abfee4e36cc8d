import BatonCLI
import BatonDeploy
import BatonDeployControl
import Testing

@testable import baton_deploy

struct ExitCodeTests {
  private func rollout(_ body: (inout Rollout) -> Void) -> ExitCode {
    let plan = RolloutPlan(
      id: "r1", act: .restart, place: Place(app: "shop", environment: "production"), by: "jo@laptop")
    var policy = RolloutPolicy()
    policy.wave = .count(1)
    policy.maxFailures = .count(1)
    var rollout = Rollout(
      plan, policy, hosts: ["web1", "web2"].map { RolloutHost(fqdn: $0, before: "1") })
    _ = rollout.next(at: 0)
    body(&rollout)
    return ExitCode(rollout)
  }

  @Test("A host that was not heard of weighs more than one that failed")
  func missing() {
    #expect(
      rollout {
        $0.heard(NotDeployed(.failed, "no"), from: "web1", .forward, at: 1)
        _ = $0.next(at: 1)
        $0.tick(at: 70_000)
      } == .missing)
  }

  @Test("A failure that was allowed is a failure all the same")
  func failed() {
    #expect(rollout { $0.heard(NotDeployed(.failed, "no"), from: "web1", .forward, at: 1) } != .success)
  }

  @Test("What the operator stopped is interrupted, whether hosts are under way or not")
  func interrupted() {
    #expect(rollout { $0.stop() } == .interrupted)
    #expect(
      rollout {
        $0.stop()
        $0.heard(NotDeployed(.failed, "no"), from: "web1", .forward, at: 1)
      } == .interrupted)
  }
}
