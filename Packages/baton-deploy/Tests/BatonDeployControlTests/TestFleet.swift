import Baton
import BatonTesting
import DeployTestSupport
import Foundation
import Testing

@testable import BatonDeployControl

/// A fleet of fake hosts, and what it takes to roll something out over it.
struct TestFleet {
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

/// Runs a fleet, with a store in a folder of its own.
///
/// - Parameter besides: hosts that are rolled out to and are not there.
func withTestFleet(
  on broker: InMemoryBroker, _ hosts: [String: FakeHost], besides: [String] = [], times: Times = .system,
  body: (TestFleet) async throws -> Void
) async throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let fleet = TestFleet(
    hosts: hosts, besides: besides,
    control: DeployControl(broker: broker, by: "jo@laptop", logger: .discarding, times: times),
    store: try RolloutStore(folder.appendingPathComponent("rollouts.sqlite").path), folder: folder)
  try await withFleet(hosts, on: broker) { try await body(fleet) }
}
