import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl
import Testing

@testable import baton_deploy

struct LiveFrameTests {
  private let plan = RolloutPlan(
    id: "r1", act: .restart, place: Place(app: "shop", environment: "production"), by: "jo@laptop")

  /// Hosts of which the first has failed, the second is told, and the rest waits.
  private func rollout(_ count: Int) -> Rollout {
    var policy = RolloutPolicy()
    policy.wave = .count(2)
    policy.maxFailures = .percent(100)
    var rollout = Rollout(
      plan, policy, hosts: (1...count).map { RolloutHost(fqdn: "web\($0).example", before: "1") })
    _ = rollout.next(at: 1000)
    rollout.heard(NotDeployed(.busy, "jo is\nat it"), from: "web1.example", .forward, at: 3500)
    return rollout
  }

  private func lines(_ rollout: Rollout, columns: Int = 80, rows: Int = 24, note: String = "") -> [String] {
    // Standard output is no terminal in a test: there are no colours.
    LiveFrame(rollout, at: 64_000, note: note, columns: columns, rows: rows, style: Style(for: .standard)).lines
  }

  @Test("Each host has a line with its state and time, and the total stands below")
  func lines() {
    #expect(
      lines(rollout(3), note: "stopping") == [
        #"web1.example  failed (Busy: jo is\nat it)  2.5 s"#, "web2.example  told          1 min 03 s",
        "web3.example", "0 of 3 done, 1 under way, 1 failed  1 min 03 s", "stopping",
      ])
  }

  @Test("What the step at hand has written last stands behind it, as far as there is room")
  func output() throws {
    var rollout = rollout(2)
    let json = #"{"message":"x","id":"r1","app":"shop","step":"before","state":"output","sequence":3}"#
    rollout.heard(
      try JSONText.decode(Progress.self, from: [UInt8](json.utf8)), from: "web2.example", .forward)
    let output = ["web2.example": "migrating\tthe table of orders", "web1.example": "old"]
    func second(_ columns: Int) -> String {
      LiveFrame(rollout, at: 64_000, output: output, note: "", columns: columns, rows: 24, style: Style(for: .standard))
        .lines[1]
    }
    #expect(second(80) == #"web2.example  before        1 min 03 s  migrating\tthe table of orders"#)
    #expect(second(50) == "web2.example  before        1 min 03 s  migrating…")
  }

  @Test("Where there is no room for all hosts those under way and those that failed stay")
  func rows() {
    let shown = lines(rollout(50), rows: 6)
    #expect(shown.count <= 6)
    #expect(shown.contains { $0.hasPrefix("web2.example  told") })
    #expect(shown.contains { $0.hasPrefix("web1.example  failed") })
    #expect(shown.contains("and 48 more"))
  }

  @Test("No line is longer than the terminal is wide", arguments: [1, 10, 40])
  func columns(columns: Int) {
    #expect(
      lines(rollout(5), columns: columns, note: "a long note, longer than forty characters in all").allSatisfy {
        $0.count <= max(columns, 10)
      })
  }
}
