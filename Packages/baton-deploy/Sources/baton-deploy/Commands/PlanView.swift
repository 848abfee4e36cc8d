import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl

/// The hosts that a rollout would go over, for a person to look at before it begins.
struct PlanView {
  let fleet: Fleet
  let rollout: Rollout

  /// - Parameter asJSON: to standard output, for programs; people read it beside the data.
  func show(asJSON: Bool) {
    if asJSON { return Output.standard.writeJSON(FleetDocument(fleet)) }
    guard !fleet.hosts.isEmpty else { return }
    var table = Table([.init("HOST"), .init("RUNS NOW"), .init("SINCE"), .init("BEGINS"), .init("REMARK")])
    for (index, host) in fleet.hosts.enumerated() {
      table.append([
        host.server.fqdn, host.running.version ?? "(none)", host.running.since.map(Moment.text) ?? "–",
        index < rollout.policy.canary ? "as a canary" : "", host.remarks.joined(separator: ", "),
      ])
    }
    let policy = rollout.policy
    var rules = ["at most \(max(1, policy.wave.of(rollout.hosts.count))) at once"]
    if policy.pause > .zero {
      rules.append("a pause of \(Elapsed.text(policy.pause)) after each")
    }
    rules.append("at most \(policy.maxFailures.of(rollout.hosts.count)) may fail")
    if policy.rollsBack { rules.append("after more all go back") }
    Output.error.write(table.text)
    Output.error.writeLine(
      "\n\(rollout.plan.act.inWords): \(Self.count(rollout.hosts.count)), \(rules.joined(separator: ", ")).")
  }

  static func count(_ hosts: Int) -> String { hosts == 1 ? "1 host" : "\(hosts) hosts" }
}
