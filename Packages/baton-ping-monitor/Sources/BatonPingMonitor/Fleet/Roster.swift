import Baton

/// Who is there: every host that was heard, when, and how long its answer took.
package struct Roster: Sendable {
  /// When a silence is worth a word, and which hosts it is looked for at.
  package struct Limits: Sendable, Hashable {
    package var warning: Duration = .seconds(120)
    package var critical: Duration = .seconds(180)
    /// A host that was not heard for so long is taken off the list, unless it is expected.
    package var forget: Duration = .seconds(7 * 24 * 3600)
    /// Only these are asked, so only of these silence means anything.
    package var environments: Set<String> = []
  }

  /// Something about a host has changed that people may want to know.
  enum Event: Hashable {
    case changed(Host, from: Host.Condition)
    case missing(Expected, Host.Condition)
    case met(Expected)
    case forgotten(Host)
  }

  package private(set) var hosts: [Host.ID: Host] = [:]
  private var limits: Limits
  private var expected: [Expected]
  private var expectedNames: Set<String>
  /// Those of the expected that are spoken of as missing.
  private var missing: Set<Expected> = []
  private var changed: Set<Host.ID> = []

  init(_ hosts: [Host] = [], limits: Limits, expected: [Expected] = []) {
    for host in hosts { self.hosts[host.id] = host }
    self.limits = limits
    self.expected = expected
    expectedNames = Set(expected.map(\.fqdn))
  }

  /// From now on other limits hold, and others are expected.
  mutating func reconfigure(_ limits: Limits, expected: [Expected]) {
    self.limits = limits
    self.expected = expected
    expectedNames = Set(expected.map(\.fqdn))
    missing.formIntersection(expected)
  }

  /// A host has said something. Gives what that changes, if anything.
  ///
  /// - Parameter isLeaving: it was its last word.
  mutating func hear(
    _ server: Server, at now: Moment, roundTrip: Double? = nil, version: String? = nil, isLeaving: Bool = false
  ) -> [Event] {
    let id = Host.ID(environment: server.environment, fqdn: server.fqdn)
    changed.insert(id)
    guard var host = hosts[id] else {
      var host = Host(server: server, version: version, firstSeen: now, lastSeen: now, roundTrip: roundTrip)
      if isLeaving { host.condition = .left }
      hosts[id] = host
      let met = missing.filter { $0.isMet(by: id) }
      missing.subtract(met)
      return met.map { .met($0) }
    }
    let before = host.condition
    host.server = server
    host.lastSeen = now
    host.version = version ?? host.version
    host.roundTrip = roundTrip ?? host.roundTrip
    host.condition = isLeaving ? .left : .up
    hosts[id] = host
    return before == host.condition ? [] : [.changed(host, from: before)]
  }

  /// Looks who has been silent for too long.
  ///
  /// - Parameter hearing: since when hosts could be heard without a break; nothing before that counts as their silence. Nil: they cannot
  ///   be heard now, and nobody is called silent.
  mutating func check(at now: Moment, hearing: Moment?) -> [Event] {
    var events: [Event] = []
    for (id, host) in hosts {
      if now >= host.lastSeen + limits.forget, !expectedNames.contains(id.fqdn) {
        hosts[id] = nil
        changed.insert(id)
        events.append(.forgotten(host))
      } else if let hearing {
        let silence = now - max(host.lastSeen, hearing)
        let condition = condition(of: host, after: silence)
        guard condition != host.condition else { continue }
        hosts[id]?.condition = condition
        changed.insert(id)
        var after = host
        after.condition = condition
        events.append(.changed(after, from: host.condition))
      }
    }
    if let hearing { events += checkExpected(at: now, hearing: hearing) }
    return events
  }

  /// How many hosts are in which condition.
  package var counts: [Host.Condition: Int] {
    var counts: [Host.Condition: Int] = [:]
    for host in hosts.values { counts[host.condition, default: 0] += 1 }
    counts[.missing] = missing.count
    return counts
  }

  /// The expected hosts that have never been heard, or have left.
  package var missingHosts: [Expected] { missing.sorted { $0.fqdn < $1.fqdn } }

  /// The hosts that have changed since this was last asked, and those that are no more.
  mutating func takeChanged() -> (kept: [Host], forgotten: [Host.ID]) {
    defer { changed = [] }
    return (changed.compactMap { hosts[$0] }, changed.filter { hosts[$0] == nil })
  }

  private func condition(of host: Host, after silence: Duration) -> Host.Condition {
    // Only who is asked can be expected to speak; who has left need not.
    guard limits.environments.contains(host.server.environment), host.condition != .left else { return host.condition }
    // It becomes worse here; better only by being heard.
    if silence >= limits.critical { return .gone }
    if silence >= limits.warning, host.condition == .up { return .silent }
    return host.condition
  }

  private mutating func checkExpected(at now: Moment, hearing: Moment) -> [Event] {
    guard !expected.isEmpty, now >= hearing + limits.critical else { return [] }
    let known = Dictionary(grouping: hosts.values) { $0.server.fqdn }
    var events: [Event] = []
    for host in expected {
      let found = known[host.fqdn]?.filter { host.isMet(by: $0.id) } ?? []
      let hasLeft = !found.isEmpty && found.allSatisfy { $0.condition == .left && now >= $0.lastSeen + limits.critical }
      if found.isEmpty || hasLeft {
        if missing.insert(host).inserted { events.append(.missing(host, found.isEmpty ? .missing : .left)) }
      } else if missing.remove(host) != nil {
        events.append(.met(host))
      }
    }
    return events
  }
}
