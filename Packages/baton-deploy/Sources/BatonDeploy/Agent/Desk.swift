import AMQP
public import Baton
import BatonProcess

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where requests come in: takes them over or refuses them, has one act of an application done at a time, and answers meanwhile.
///
/// From the look at the journal to the row in it there is no suspension: of two requests one is the first.
public actor Desk {
  /// An act at work.
  struct Job {
    let id: String
    let performer: Performer
    /// Ends when the act has; cancelled by ``Desk/cancel(_:in:)`` or by the agent's stop.
    let task: Task<Void, Never>
  }

  private(set) var apps: [String: App]
  private(set) var policy: Policy
  private(set) var auditLog: AuditLog
  let server: Server
  let journal: Journal
  let surroundings: Surroundings
  private let stateFolder: String
  /// Two agents on one journal would each take the other's acts for interrupted ones.
  private let stateLock: FileLock
  private(set) var jobs: [String: Job] = [:]
  let logger: Logger

  /// Opens the journal. Throws if the folder or what is in it cannot be used.
  public init(
    _ configuration: DeployConfiguration, on server: Server, surroundings: Surroundings, logger: Logger
  ) throws {
    self.server = server
    self.surroundings = surroundings
    self.logger = logger
    stateFolder = configuration.stateFolder
    for folder in [stateFolder, "\(stateFolder)/\(Performer.incoming)"]
    where mkdir(folder, 0o700) != 0 && errno != EEXIST {
      throw FileError("make", folder)
    }
    guard let lock = try FileLock("\(stateFolder)/lock") else {
      throw FileError("use", stateFolder, reason: "another agent does; give each its own STATE_DIR")
    }
    stateLock = lock
    journal = try Journal(stateFolder)
    apps = Self.byName(configuration.apps)
    policy = configuration.policy
    auditLog = configuration.auditLog
  }

  /// Sees whether the folder and the journal can be used, for a program that wants to know before it becomes a daemon.
  public static func check(_ configuration: DeployConfiguration, on server: Server) throws {
    _ = try Desk(configuration, on: server, surroundings: Surroundings(unpacker: []), logger: .discarding)
  }

  /// From the next act on; what is under way goes on as it began.
  public func reconfigure(_ configuration: DeployConfiguration) {
    apps = Self.byName(configuration.apps)
    policy = configuration.policy
    auditLog = configuration.auditLog
  }

  private static func byName(_ apps: [App]) -> [String: App] {
    Dictionary(apps.map { ($0.name, $0) }) { first, _ in first }
  }

  // MARK: - Acts

  func deploy(_ request: Deploy, in context: Context) async throws {
    try await take(request, .deploy, in: context) { app in
      do {
        _ = try Names.version(request.version)
        let digest = try request.sha256.map { text in
          guard let digest = Digest(text) else { throw NotDeployed(.invalid, "'sha256' is not 64 hexadecimal digits") }
          return digest
        }
        try request.source.map { try app.checkAllowed($0) }
        return (.deploy(digest, request.source), request.version)
      } catch let error as InvalidName {
        throw NotDeployed(.invalid, error.description)
      }
    }
  }

  func rollBack(_ request: Rollback, in context: Context) async throws {
    try await take(request, .rollback, in: context) { [journal] app in
      guard let layout = app.releasing?.layout else {
        throw NotDeployed(.invalid, "'\(app.name)' has a command of its own: deploy the earlier version instead")
      }
      let current = layout.currentVersion()
      let releases = try journal.releases(app.name).filter { layout.hasRelease($0.version) }
      let wanted = releases.first { release in
        request.version.map { $0 == release.version } ?? (release.isGood && release.version != current)
      }
      guard let wanted else {
        throw NotDeployed(
          .notFound,
          request.version.map { "there is no release '\($0)' here" } ?? "there is no earlier good release here")
      }
      return (.rollback, wanted.version)
    }
  }

  func restart(_ request: Restart, in context: Context) async throws {
    try await take(request, .restart, in: context) { app in
      guard app.restart != nil else {
        throw NotDeployed(.invalid, "'\(app.name)' has no 'restart' in the configuration")
      }
      return (.restart, app.releasing?.layout.currentVersion())
    }
  }

  /// Takes a request over, and returns when it has been done, so that the agent's stop waits for it.
  ///
  /// - Parameter check: what is to be done, and the version; throws ``NotDeployed`` if it cannot be.
  private func take(
    _ request: some DeployRequest, _ kind: Act.Kind, in context: Context, check: (App) throws -> (Work, String?)
  ) async throws {
    let app = try app(of: request.order, in: context)
    let by = try checkChange(app, request.order, context)
    let id = try Self.id(of: request.order, in: context)
    if try await repeated(app.name, id, in: context) { return }
    let job: Job
    do {
      try checkPermitted(app, request.order)
      let (work, version) = try check(app)
      let act = Act(
        id: id, kind: kind, version: version, previous: runningVersion(of: app), by: by,
        begun: Surroundings.now, step: .accept)
      job = try start(
        work, app, ActRecord(app: app.name, act: act, session: Int(getsid(0)), request: context.request.properties),
        with: context.voice)
    } catch var refusal as NotDeployed {
      refusal.id = id
      refusal.app = app.name
      try journal.refuse(app.name, id, result: JSONText.encode(refusal), at: Surroundings.now)
      throw refusal
    }
    context.acknowledge()
    await withTaskCancellationHandler {
      await job.task.value
    } onCancel: {
      job.task.cancel()
    }
  }

  /// Puts an act into the journal and begins it.
  private func start(_ work: Work, _ app: App, _ record: ActRecord, with voice: Voice) throws -> Job {
    let lock = try lock(app)
    try journal.accept(record)
    surroundings.failpoint("accept.done")
    return launch(work, app, record, lock, with: voice)
  }

  @discardableResult
  func launch(_ work: Work, _ app: App, _ record: ActRecord, _ lock: FileLock, with voice: Voice) -> Job {
    let performer = Performer(
      app, record, lock: lock, journal: journal, surroundings: surroundings, stateFolder: stateFolder, voice: voice)
    let task = Task {
      await performer.perform(work)
      self.finished(app.name, record.act.id)
    }
    let job = Job(id: record.act.id, performer: performer, task: task)
    jobs[app.name] = job
    return job
  }

  private func finished(_ app: String, _ id: String) {
    if jobs[app]?.id == id { jobs[app] = nil }
  }

  /// The kernel's lock: another agent on this host, or one that is still dying, may have it.
  func lock(_ app: App) throws -> FileLock {
    let path = app.releasing?.layout.lockFile ?? "\(stateFolder)/\(app.name).lock"
    do {
      guard let lock = try FileLock(path) else {
        throw NotDeployed(.busy, "another process on this host has the lock \(path)")
      }
      return lock
    } catch let error as FileLockError {
      throw NotDeployed(.failed, "\(error); see that its folder is there, and can be written")
    }
  }

  /// Whether the same request was there before: then its requester hears what the first one did, and nothing is done.
  private func repeated(_ app: String, _ id: String, in context: Context) async throws -> Bool {
    if let known = try journal.act(app, id) {
      guard known.act.outcome == nil else {
        await known.sayResult(with: context.voice, answering: context.request.properties, on: server)
        return true
      }
      try journal.redirect(app, id, to: context.request.properties)
      await jobs[app]?.performer.redirect(to: context.request.properties)
      return true
    }
    guard let refusal = try journal.refusal(app, id) else { return false }
    context.say(try JSONText.decode(NotDeployed.self, from: refusal))
    return true
  }

  private func checkPermitted(_ app: App, _ order: Order) throws {
    let now = Surroundings.now
    if let deadline = order.deadline, deadline < now {
      throw NotDeployed(
        .expired,
        "it was not to be begun after \(Timestamp.text(milliseconds: deadline)), and by this host's clock it is "
          + Timestamp.text(milliseconds: now))
    }
    if let lock = try journal.lock(app.name) {
      var refusal = NotDeployed(.locked, "'\(app.name)' is locked by \(lock.by ?? "somebody"): \(lock.reason)")
      (refusal.by, refusal.since) = (lock.by, lock.since)
      throw refusal
    }
    if let act = try journal.underWay(app.name)?.act {
      var refusal = NotDeployed(
        .busy,
        "'\(app.name)' is under a \(act.kind.rawValue) by \(act.by ?? "somebody"), now at the step \(act.step.rawValue)"
      )
      (refusal.by, refusal.since) = (act.by, act.begun)
      throw refusal
    }
  }

  // MARK: - Cancel

  func cancel(_ request: Cancel, in context: Context) async throws -> Stopped {
    let app = try app(of: request.order, in: context)
    _ = try checkChange(app, request.order, context)
    guard let job = jobs[app.name], request.act.map({ $0 == job.id }) ?? true else {
      throw NotDeployed(.notFound, "nothing is under way for '\(app.name)' that could be stopped")
    }
    job.task.cancel()
    await job.task.value
    guard let outcome = try journal.act(app.name, job.id)?.act.outcome else {
      throw NotDeployed(.failed, "the end of '\(job.id)' could not be written down; see the log")
    }
    return Stopped(app: app.name, act: job.id, outcome: outcome, current: runningVersion(of: app))
  }

  // MARK: - To the end

  nonisolated func confirmed(_ id: String) {
    do { try journal.reported(id) } catch {
      // It will be said once more after the next start, and folded by its id.
      logger.warning("Cannot write down that a result is known", ["id": id, "error": "\(error)"])
    }
  }

  /// Waits for acts that have been cancelled, so that what can be put in order is before the process ends.
  public func settle(limit: Duration) async {
    let tasks = jobs.values.map(\.task)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { for task in tasks { await task.value } }
      group.addTask { try? await Task.sleep(for: limit) }
      await group.next()
      group.cancelAll()
    }
  }
}
