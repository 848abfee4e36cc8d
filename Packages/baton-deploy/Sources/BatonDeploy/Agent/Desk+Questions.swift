import Baton

/// What changes nothing, or only a word in the journal; answered also while an act is under way.
extension Desk {
  func list(_ request: Apps, in context: Context) async -> AppList { AppList(apps: apps.keys.sorted()) }

  func current(_ request: Current, in context: Context) async throws -> Running {
    let app = try app(of: request.order, in: context)
    let version = runningVersion(of: app)
    let record = try journal.running(app.name).flatMap { $0.version == version ? $0 : nil }
    return Running(
      app: app.name, version: version, since: record?.since, by: record?.by, health: record?.health ?? .unknown,
      last: try journal.history(app.name, limit: 2).first { $0.outcome != nil },
      underWay: try journal.underWay(app.name)?.act, lock: try journal.lock(app.name))
  }

  func releases(_ request: Releases, in context: Context) async throws -> ReleaseList {
    let app = try app(of: request.order, in: context)
    let current = runningVersion(of: app)
    let releases = try journal.releases(app.name).filter { app.releasing?.layout.hasRelease($0.version) ?? false }
    return ReleaseList(
      app: app.name,
      releases: releases.map {
        .init(
          version: $0.version, isCurrent: $0.version == current, isGood: $0.isGood, unpacked: $0.unpacked,
          sha256: $0.sha256)
      })
  }

  func history(_ request: History, in context: Context) async throws -> HistoryList {
    let app = try app(of: request.order, in: context)
    let limit = min(max(1, request.limit ?? 20), History.longest)
    return HistoryList(app: app.name, acts: try journal.history(app.name, limit: limit))
  }

  func lock(_ request: Lock, in context: Context) async throws -> LockedReply {
    let app = try app(of: request.order, in: context)
    let by = try checkChange(app, request.order, context)
    let lock = LockState(reason: Self.shown(request.reason), by: by, since: Surroundings.now)
    return LockedReply(app: app.name, lock: try journal.lock(app.name, lock))
  }

  func unlock(_ request: Unlock, in context: Context) async throws -> Unlocked {
    let app = try app(of: request.order, in: context)
    _ = try checkChange(app, request.order, context)
    return Unlocked(app: app.name, lock: try journal.unlock(app.name))
  }
}
