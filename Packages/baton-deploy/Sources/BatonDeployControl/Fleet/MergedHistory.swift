import Baton
public import BatonDeploy

/// What was done to an application in an environment, put together from the journals of its hosts, the newest first.
public struct MergedHistory: Sendable {
  /// One act, and the hosts that took part in it.
  public struct Entry: Sendable, Hashable, Encodable {
    public let id: String
    public let kind: Act.Kind
    public let version: String?
    public let by: String?
    /// When the first host began and the last one ended, as far as it has; milliseconds since 1970.
    public let begun: Int64
    public let ended: Int64?
    public let succeeded: [String]
    /// Why, by host.
    public let failed: [String: String]
    public let underWay: [String]

    enum CodingKeys: String, CodingKey {
      case id, kind, version, by, begun, ended, succeeded, failed
      case underWay = "under_way"
    }
  }

  public let entries: [Entry]

  /// - Parameter limit: at most so many; a host that has joined lately knows less than others, not more.
  init(_ gathered: Gathered<HistoryList>, limit: Int) {
    let acts = gathered.replies.flatMap { answer in answer.reply.acts.map { (host: answer.server.fqdn, act: $0) } }
    entries = Array(
      Dictionary(grouping: acts, by: \.act.id).values.compactMap(Entry.init)
        .sorted { ($0.begun, $0.id) > ($1.begun, $1.id) }.prefix(limit))
  }
}

extension MergedHistory.Entry {
  fileprivate init?(_ acts: [(host: String, act: Act)]) {
    guard let first = acts.min(by: { $0.act.begun < $1.act.begun })?.act else { return nil }
    id = first.id
    kind = first.kind
    version = first.version
    by = first.by
    begun = first.begun
    underWay = acts.filter { $0.act.outcome == nil }.map(\.host)
    ended = underWay.isEmpty ? acts.compactMap(\.act.ended).max() : nil
    succeeded = acts.filter { $0.act.outcome == .success }.map(\.host)
    failed = Dictionary(acts.filter { $0.act.outcome == .error }.map { ($0.host, $0.act.message ?? "") }) { first, _ in
      first
    }
  }
}

extension DeployControl {
  /// What was done there.
  public func history(
    _ place: Place, hosts: [String] = [], limit: Int, wait: Duration = .seconds(2)
  ) async throws -> (history: MergedHistory, answers: Gathered<HistoryList>) {
    let gathered = try await ask(place, hosts: hosts, wait: wait) { History($0, limit: min(limit, History.longest)) }
    return (MergedHistory(gathered, limit: limit), gathered)
  }
}
