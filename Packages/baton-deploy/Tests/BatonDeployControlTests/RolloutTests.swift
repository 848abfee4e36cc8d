import BatonDeploy
import DeployTestSupport
import Testing

@testable import BatonDeployControl

struct RolloutTests {
  private func rollout(_ count: Int, _ change: (inout RolloutPolicy) -> Void = { _ in }) -> Rollout {
    var policy = RolloutPolicy()
    policy.wave = .count(count)
    change(&policy)
    return Rollout(.sample, policy, hosts: (1...count).map { RolloutHost(fqdn: "web\($0)", before: "1") })
  }

  @Test("The window slides: as soon as one host has ended the next begins")
  func window() {
    var rollout = rollout(5) { $0.wave = .count(2) }
    #expect(rollout.begin(at: 0) == ["web1", "web2"])
    #expect(rollout.begin(at: 1) == [])
    rollout.succeed("web2", at: 5)
    #expect(rollout.begin(at: 5) == ["web3"])
    rollout.succeed("web1", at: 6)
    rollout.succeed("web3", at: 6)
    #expect(rollout.begin(at: 6) == ["web4", "web5"])
    rollout.succeed("web4", at: 7)
    #expect(!rollout.isOver)
    rollout.succeed("web5", at: 7)
    #expect(rollout.state == .ended)
  }

  @Test("A percentage is of all hosts, rounded down, and never none", arguments: [(10, 2), (3, 1), (40, 10)])
  func percent(count: Int, expected: Int) {
    var rollout = rollout(count) { $0.wave = .percent(25) }
    #expect(rollout.begin(at: 0).count == expected)
  }

  @Test("No host begins before every canary has succeeded and been looked at")
  func canary() {
    var rollout = rollout(4) {
      $0.canary = 2
      $0.pause = .seconds(10)
    }
    #expect(rollout.begin(at: 0) == ["web1", "web2"])
    rollout.succeed("web1", at: 1000)
    #expect(rollout.begin(at: 50_000) == [])
    rollout.succeed("web2", at: 50_000)
    #expect(rollout.begin(at: 59_999) == [])
    #expect(rollout.nextTick(after: 50_000) == 60_000)
    #expect(rollout.begin(at: 60_000) == ["web3", "web4"])
  }

  @Test("A canary that fails stops it, however many failures are allowed")
  func failingCanary() {
    var rollout = rollout(4) {
      $0.canary = 1
      $0.maxFailures = .percent(100)
    }
    _ = rollout.begin(at: 0)
    rollout.fail("web1", at: 1)
    #expect(rollout.state == .paused(.failures))
    #expect(rollout.begin(at: 2) == [])
  }

  @Test("A host that has ended keeps its place in the window for the pause")
  func pause() {
    var rollout = rollout(3) {
      $0.wave = .count(1)
      $0.pause = .seconds(10)
    }
    #expect(rollout.begin(at: 0) == ["web1"])
    rollout.succeed("web1", at: 1000)
    #expect(rollout.begin(at: 10_999) == [])
    #expect(rollout.begin(at: 11_000) == ["web2"])
  }

  @Test("Failures count over the whole rollout; beyond the limit nobody begins, and those under way end")
  func failures() {
    var rollout = rollout(6) {
      $0.wave = .count(2)
      $0.maxFailures = .count(1)
    }
    _ = rollout.begin(at: 0)
    rollout.fail("web1", at: 1)
    #expect(rollout.begin(at: 1) == ["web3"])
    rollout.succeed("web2", at: 2)
    #expect(rollout.begin(at: 2) == ["web4"])
    rollout.fail("web3", at: 3)
    #expect(rollout.state == .stopping(.failures))
    #expect(rollout.begin(at: 3) == [])
    rollout.succeed("web4", at: 4)
    #expect(rollout.state == .paused(.failures))
  }

  @Test("Those that have switched go back to what they ran, and only those")
  func rollback() throws {
    var rollout = rollout(4) {
      $0.wave = .count(2)
      $0.rollsBack = true
    }
    _ = rollout.begin(at: 0)
    rollout.fail("web2", at: 1)
    #expect(rollout.begin(at: 1) == [])
    rollout.succeed("web1", at: 2)
    #expect(rollout.direction == .back)
    let back = rollout.next(at: 3)
    #expect(back == [.init(host: "web1", direction: .back)])
    #expect(rollout.messageID(of: back[0]) == "r1-undo/web1")
    rollout.heard(.sample("1", previous: "2"), from: "web1", .back, at: 4)
    #expect(rollout.state == .ended)
    #expect(rollout.host("web3")?.act.phase == .waiting)
  }

  @Test("A host that ran the version already has nothing to go back to")
  func nothingToGoBackTo() {
    var rollout = rollout(2) { $0.rollsBack = true }
    _ = rollout.begin(at: 0)
    rollout.heard(.sample("2", previous: "2"), from: "web1", .forward, at: 1)
    rollout.fail("web2", at: 1)
    #expect(rollout.state == .ended)
  }

  @Test("A host that is not heard of in time is silent, which is a failure; its word may still come")
  func silence() {
    var rollout = rollout(3) {
      $0.wave = .count(2)
      $0.maxFailures = .count(2)
    }
    _ = rollout.begin(at: 0)
    rollout.heard(.sample(1), from: "web1", .forward)
    #expect(rollout.nextTick(after: 0) == 60_000)
    rollout.tick(at: 60_000)
    #expect(rollout.host("web1")?.act.phase == .underWay)
    #expect(rollout.host("web2")?.act.phase == .silent)
    rollout.heard(.sample(1), from: "web2", .forward)
    #expect(rollout.host("web2")?.act.phase == .underWay)
    rollout.tick(at: 900_000)
    #expect(rollout.host("web1")?.act.phase == .silent)
    rollout.succeed("web1", at: 900_001)
    #expect(rollout.host("web1")?.act.phase == .done)
  }

  @Test("A last word counts once, and progress that was overtaken not at all")
  func once() {
    var rollout = rollout(2)
    _ = rollout.begin(at: 0)
    rollout.heard(.sample(5, .health), from: "web1", .forward)
    rollout.heard(.sample(4, .restart), from: "web1", .forward)
    #expect(rollout.host("web1")?.act.step == .health)
    rollout.succeed("web1", at: 1)
    rollout.fail("web1", at: 2)
    rollout.heard(.sample(9), from: "web1", .forward)
    #expect(rollout.host("web1")?.act.phase == .done)
  }

  @Test("The operator's stop lets those under way end; resumed, it goes on with the rest")
  func stop() {
    var rollout = rollout(3) { $0.wave = .count(1) }
    _ = rollout.begin(at: 0)
    rollout.stop()
    #expect(rollout.state == .stopping(.operator))
    rollout.succeed("web1", at: 1)
    #expect(rollout.state == .paused(.operator))
    rollout.resume(at: 2)
    #expect(rollout.begin(at: 2) == ["web2"])
  }

  @Test("Resumed after failures these do not count again; after a death of its driver they do")
  func forgiven() {
    var paused = rollout(3) { $0.wave = .count(1) }
    _ = paused.begin(at: 0)
    var orphan = paused
    paused.fail("web1", at: 1)
    #expect(paused.state == .paused(.failures))
    paused.resume(at: 2)
    #expect(paused.begin(at: 2) == ["web2"])
    paused.fail("web2", at: 3)
    #expect(paused.state == .paused(.failures))

    orphan.resume(at: 500_000)
    #expect(orphan.underWay.map(\.host) == ["web1"])
    orphan.tick(at: 500_001)
    orphan.fail("web1", at: 500_002)
    #expect(orphan.state == .paused(.failures))
  }

  @Test("Hosts that were not there are told again when it is resumed, and nobody twice")
  func resumeOffline() {
    var rollout = rollout(2)
    let assignments = rollout.next(at: 0)
    rollout.confirmed(assignments[0], isRouted: false)
    rollout.succeed("web2", at: 2)
    #expect(rollout.host("web1")?.act.phase == .told)
    rollout.tick(at: 60_000)
    #expect(rollout.host("web1")?.act.phase == .notConnected)
    #expect(rollout.state == .paused(.failures))
    rollout.resume(at: 60_001)
    #expect(rollout.begin(at: 60_001) == ["web1"])
  }

  @Test("The rules hold for every order of events", arguments: 0..<200)
  func random(seed: UInt64) {
    var generator = SplitMix(state: seed)
    let count = Int.random(in: 1...12, using: &generator)
    let wave = Int.random(in: 1...4, using: &generator)
    let allowed = Int.random(in: 0...3, using: &generator)
    var rollout = rollout(count) {
      $0.wave = .count(wave)
      $0.canary = Int.random(in: 0...2, using: &generator)
      $0.maxFailures = .count(allowed)
      $0.rollsBack = Bool.random(using: &generator)
    }
    var now: Int64 = 0
    var told: Set<Rollout.Assignment> = []
    var steps = 0
    while !rollout.isOver {
      steps += 1
      #expect(steps < 1000)
      now += 1000
      let failed = rollout.hosts.count { $0.act.hasFailed }
      for assignment in rollout.next(at: now) {
        #expect(told.insert(assignment).inserted)
        #expect(assignment.direction == .back || failed <= allowed)
      }
      #expect(rollout.underWay.count <= max(wave, rollout.policy.canary))
      guard let one = rollout.underWay.randomElement(using: &generator) else { continue }
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: rollout.heard(NotDeployed(.failed, "no"), from: one.host, one.direction, at: now)
      case 1: rollout.tick(at: now + 61_000)
      default: rollout.heard(.sample("2", previous: "1"), from: one.host, one.direction, at: now)
      }
    }
    #expect(rollout.underWay.isEmpty)
  }
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
