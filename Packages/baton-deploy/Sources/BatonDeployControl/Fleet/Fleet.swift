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
  /// Those that answered that they cannot tell.
  public let failures: [(server: Server, failure: Failure)]
  /// Named hosts where nobody listens.
  public let notConnected: [String]
  /// Named hosts whose answer has not come in time.
  public let silent: [String]
  /// Whether nobody at all listens under the key.
  public let isNobody: Bool

  init(_ place: Place, named: [String], _ gathered: Gathered<Running>) {
    let hosts = gathered.replies.map { Host(server: $0.server, running: $0.reply) }
    let order = Dictionary(named.enumerated().map { ($1, $0) }) { first, _ in first }
    self.place = place
    self.hosts = hosts.sorted { order[$0.server.fqdn] ?? 0 < order[$1.server.fqdn] ?? 0 }
    failures = gathered.failures
    notConnected = gathered.notConnected.sorted()
    silent = gathered.silent.sorted()
    isNobody = gathered.isNobody
  }

  /// The versions that run, the most frequent first; nil where nothing has been deployed.
  public var versions: [(version: String?, count: Int)] {
    Dictionary(grouping: hosts, by: \.running.version).map { ($0.key, $0.value) }
      .sorted { left, right in
        // Of two that run equally often the one that came later is what is wanted.
        (left.1.count, Self.latest(left.1)) > (right.1.count, Self.latest(right.1))
      }
      .map { ($0.0, $0.1.count) }
  }

  /// The hosts that run another version than most do.
  public var drifting: [Host] {
    guard let usual = versions.first?.version else { return hosts.filter { $0.running.version != nil } }
    return hosts.filter { $0.running.version != usual }
  }

  private static func latest(_ hosts: [Host]) -> Int64 { hosts.compactMap(\.running.since).max() ?? 0 }
}
