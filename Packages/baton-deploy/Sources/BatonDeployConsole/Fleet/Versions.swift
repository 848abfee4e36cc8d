import BatonDeployControl

/// The versions that are offered for a place: those that are listed, those that run, and those that were deployed before.
actor Versions {
  /// A list that was fetched counts for so long; milliseconds.
  private static let freshness: Int64 = 60_000

  private let sources: [Place: VersionSource]
  private let store: RolloutStore
  private let times: Times
  private var lists: [Place: (versions: [String], problem: String?, at: Int64)] = [:]

  init(_ sources: [Place: VersionSource], _ store: RolloutStore, _ times: Times) {
    self.sources = sources
    self.store = store
    self.times = times
  }

  /// Each once, the listed ones first; and why they are not all there.
  func offered(for spot: Spot) async -> (versions: [String], problem: String?) {
    let (listed, problem) = await list(spot.place)
    let running = spot.versions.compactMap(\.version)
    let filter = RolloutFilter(app: spot.place.app)
    let earlier = ((try? store.records(filter, limit: 50)) ?? []).compactMap(\.plan.act.version)
    var seen: Set<String> = []
    return ((listed + running + earlier).filter { seen.insert($0).inserted }, problem)
  }

  private func list(_ place: Place) async -> (versions: [String], problem: String?) {
    guard let source = sources[place] else { return ([], nil) }
    let now = times.now()
    if let known = lists[place], now - known.at < Self.freshness { return (known.versions, known.problem) }
    do {
      let versions = try await source.list()
      lists[place] = (versions, nil, now)
      return (versions, nil)
    } catch {
      // What was listed before is better than nothing.
      let before = lists[place]?.versions ?? []
      lists[place] = (before, "\(error)", now)
      return (before, "\(error)")
    }
  }
}
