import Baton
import BatonDeploy
import BatonDeployControl

/// An application in an environment, as far as the console knows it.
struct Spot: Sendable {
  struct Host: Sendable {
    let fqdn: String
    /// As it said last; nil if it has never said anything.
    var running: Running?
    /// When it was heard last; milliseconds since 1970.
    var heard: Int64?
  }

  let place: Place
  /// By name.
  private(set) var hosts: [String: Host] = [:]
  /// When its hosts were asked last, and how that was; milliseconds since 1970.
  private(set) var asked: Int64?
  /// Why they could not be asked.
  private(set) var problem: String?
  /// Who rolled out there when they were asked.
  private(set) var holder: LockHolder?
  /// Whether something has happened since they were asked.
  var isStale = true
  /// Another one whenever something is different.
  private(set) var revision = 0

  init(_ place: Place) { self.place = place }

  /// In the order of their names.
  var sorted: [Host] { hosts.values.sorted { $0.fqdn < $1.fqdn } }

  /// Those who did not answer when they were asked last, though they are known.
  var silent: [String] { sorted.filter(isSilent).map(\.fqdn) }

  func isSilent(_ host: Host) -> Bool { asked.map { host.heard ?? 0 < $0 } ?? false }

  /// The versions that run, the most frequent first; nil where nothing was deployed. Silent hosts do not count.
  var versions: [(version: String?, count: Int)] {
    let running = hosts.values.filter { !isSilent($0) }.compactMap(\.running)
    return Dictionary(grouping: running, by: \.version).map { (version: $0.key, runs: $0.value) }
      .sorted { left, right in
        (left.runs.count, left.runs.compactMap(\.since).max() ?? 0)
          > (right.runs.count, right.runs.compactMap(\.since).max() ?? 0)
      }.map { ($0.version, $0.runs.count) }
  }

  /// The hosts that run another version than most do.
  var drifting: [String] {
    guard let usual = versions.first?.version else { return [] }
    return sorted.filter { !isSilent($0) && $0.running.map { $0.version != usual } ?? false }.map(\.fqdn)
  }

  /// What was put to work last, on any of the hosts.
  var last: Running? {
    hosts.values.compactMap(\.running).filter { $0.since != nil }.max { $0.since ?? 0 < $1.since ?? 0 }
  }

  // MARK: - What is heard

  mutating func take(_ fleet: Fleet, holder: LockHolder?, from begun: Int64, at now: Int64) {
    problem = nil
    self.holder = holder
    asked = begun
    for host in fleet.hosts {
      hosts[host.server.fqdn] = Host(fqdn: host.server.fqdn, running: host.running, heard: now)
    }
    for (server, _) in fleet.gathered.failures { note(server.fqdn, at: now) }
    isStale = false
    revision += 1
  }

  /// They could not be asked.
  mutating func fail(_ reason: String) {
    problem = reason
    revision += 1
  }

  /// A host is known to belong here.
  mutating func expect(_ fqdn: String) {
    guard hosts[fqdn] == nil else { return }
    hosts[fqdn] = Host(fqdn: fqdn)
    revision += 1
  }

  /// Forgets those that were heard last, or expected first, before a moment.
  mutating func forget(before moment: Int64, except known: Set<String>) {
    hosts = hosts.filter { known.contains($0.key) || ($0.value.heard ?? moment) >= moment }
  }

  /// A host has said something.
  mutating func note(_ fqdn: String, at now: Int64) {
    expect(fqdn)
    hosts[fqdn]?.heard = now
    isStale = true
  }

  /// A host has told somebody what it runs.
  mutating func take(_ running: Running, from fqdn: String, at now: Int64) {
    expect(fqdn)
    hosts[fqdn]?.heard = now
    guard hosts[fqdn]?.running != running else { return }
    hosts[fqdn]?.running = running
    revision += 1
  }

  /// A host has said that it runs something else now.
  mutating func take(_ deployed: Deployed, from fqdn: String, at now: Int64) {
    note(fqdn, at: now)
    hosts[fqdn]?.running?.version = deployed.version
    hosts[fqdn]?.running?.since = now
    revision += 1
  }
}
