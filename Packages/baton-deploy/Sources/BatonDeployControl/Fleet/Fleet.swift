public import Baton
public import BatonDeploy

/// The hosts of an application in an environment, and what runs on them.
public struct Fleet: Sendable {
  public struct Host: Sendable, Hashable {
    public let server: Server
    public let running: Running
  }

  public let place: Place
  /// Those that answered, by name; where hosts were named, in the order in which they were.
  public let hosts: [Host]
  /// All the answers, and who is missing.
  public let gathered: Gathered<Running>

  init(_ place: Place, named: [String], _ gathered: Gathered<Running>) {
    let hosts = gathered.replies.map { Host(server: $0.server, running: $0.reply) }
    let order = Dictionary(named.enumerated().map { ($1, $0) }) { first, _ in first }
    self.place = place
    self.hosts = named.isEmpty ? hosts : hosts.sorted { order[$0.server.fqdn] ?? 0 < order[$1.server.fqdn] ?? 0 }
    self.gathered = gathered
  }

  /// The versions that run, the most frequent first; nil where nothing has been deployed.
  public var versions: [(version: String?, hosts: [Host])] {
    Dictionary(grouping: hosts, by: \.running.version).map { (version: $0.key, hosts: $0.value) }
      .sorted { left, right in
        // Of two that run equally often the one that came later is what is wanted.
        (left.hosts.count, Self.latest(left.hosts)) > (right.hosts.count, Self.latest(right.hosts))
      }
  }

  /// The hosts that run another version than most do.
  public var drifting: [Host] {
    guard let usual = versions.first?.version else { return hosts.filter { $0.running.version != nil } }
    return hosts.filter { $0.running.version != usual }
  }

  private static func latest(_ hosts: [Host]) -> Int64 { hosts.compactMap(\.running.since).max() ?? 0 }
}

extension Fleet.Host {
  /// What a person should know of it before touching it.
  public var remarks: [String] {
    var remarks: [String] = []
    if running.health == .unhealthy { remarks.append("unhealthy") }
    if let act = running.underWay { remarks.append("\(act.kind.rawValue) under way by \(act.by ?? "somebody")") }
    if let lock = running.lock { remarks.append("locked by \(lock.by ?? "somebody"): \(lock.reason)") }
    if running.last?.outcome == .error { remarks.append("last \(running.last?.kind.rawValue ?? "act") failed") }
    return remarks
  }
}
