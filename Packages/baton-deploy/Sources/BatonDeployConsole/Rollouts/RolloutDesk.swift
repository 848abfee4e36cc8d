import Baton
import BatonDeploy
import BatonDeployControl

/// The rollouts that were begun with this console: begins them, goes on with them, and knows how each stands.
///
/// What is needed to go on is in the store before any host is told anything; when the console dies, hosts that were told go on, and the
/// next one goes on from there.
actor RolloutDesk {
  /// Of rollouts that are over so many are kept with their hosts' output; of the others there is what the store knows.
  private static let kept = 20
  /// The lock is there within so long, or the broker is not.
  private static let patience = Duration.seconds(5)
  /// Hosts that are to stop what they are at have so long to say that they have.
  private static let stopping = Duration.seconds(60)

  let store: RolloutStore
  private let control: DeployControl
  private let logger: Logger
  /// Told of each place in which a rollout has ended.
  private let atEnd: @Sendable (Place) async -> Void
  private var runs: [String: RolloutRun] = [:]
  /// The ids of `runs`, the oldest first.
  private var order: [String] = []
  /// Whether it goes on with nothing any more.
  private var isClosing = false

  init(
    _ store: RolloutStore, _ control: DeployControl, logger: Logger, atEnd: @escaping @Sendable (Place) async -> Void
  ) {
    self.store = store
    self.control = control
    self.logger = logger
    self.atEnd = atEnd
  }

  // MARK: - How they stand

  /// How a rollout stands; nil if there is none of that id.
  func board(_ id: String) async throws -> Board? {
    if let run = runs[id] { return await run.board }
    return try store.rollout(id).map(Board.init)
  }

  /// Whether this console is driving it.
  func isAtWork(_ id: String) async -> Bool { await runs[id]?.isAtWork ?? false }

  /// Strokes while the console drives it; nil if it does not.
  func listen(to id: String) async -> AsyncStream<Void>? { await runs[id]?.listen() }

  /// Wakes up all who listen, so that nobody is silent for long.
  func ringAll() async { for run in runs.values { await run.ring() } }

  // MARK: - What is done with them

  /// Begins one; returns when the lock is held, and throws what stands in the way.
  func begin(_ rollout: Rollout, by person: String) async throws {
    let control = control.acting(as: person)
    try await run(rollout) { [store] in control.begin(rollout, in: store, until: $0) }
  }

  /// Writes one down that waits for a second person.
  func propose(_ rollout: Rollout) throws {
    var proposal = rollout
    proposal.propose()
    try store.insert(proposal, at: control.times.now())
  }

  /// A second person says yes; it begins.
  func approve(_ id: String, by person: String) async throws {
    try await change(id, by: person) { $0.approve(by: person) }
  }

  /// Goes on with one that is paused.
  func resume(_ id: String, by person: String) async throws { try await change(id, by: person) { _ in } }

  /// Has those that have switched go back to what they ran before. One that is under way is stopped first, and goes back once those under
  /// way have ended, which nobody waits for here.
  func goBack(_ id: String, by person: String) async throws {
    guard let run = runs[id], await !run.isOver else {
      return try await change(id, by: person) { $0.goBack() }
    }
    run.stop.request()
    // Ended by the end of those under way; the console's own end leaves it paused.
    Task {
      await run.ended()
      do { try await change(id, by: person) { $0.goBack() } } catch {
        logger.error("It does not go back", ["id": id, "reason": "\(error)"])
      }
    }
  }

  /// Lets no new host begin; those under way end.
  func stop(_ id: String) { runs[id]?.stop.request() }

  /// Stops also what hosts are at, and has it never be gone on with. Returns when they have stopped, as far as they say so.
  func cancel(_ id: String, by person: String) async throws {
    stop(id)
    let control = control.acting(as: person)
    // The second time for those that were told while the stop was on its way.
    for _ in 1...2 {
      guard let rollout = try await board(id)?.rollout else { return }
      for (direction, assignments) in Dictionary(grouping: rollout.underWay, by: \.direction) {
        let hosts = assignments.map(\.host)
        _ = try await control.ask(rollout.plan.place, hosts: hosts, wait: Self.stopping) {
          Cancel($0, act: rollout.id(of: direction))
        }
      }
    }
    if let run = runs[id] {
      // Whoever does not answer is not waited for until his time is over.
      _ = await within(Self.patience) { await run.ended() }
      await run.leave()
      runs[id] = nil
    }
    guard let before = try store.rollout(id), before.state != .ended else { return }
    var closed = before
    closed.close()
    try store.update(closed, since: before)
  }

  /// Goes on with what a console before this one was driving when it ended, for as long as it takes: the broker may not be there yet, or
  /// may not have noticed that the other one is gone.
  func takeUp() async {
    do {
      let interrupted = try store.interrupted()
      await withTaskGroup(of: Void.self) { group in
        for rollout in interrupted { group.addTask { await self.takeUp(rollout) } }
      }
    } catch {
      logger.error("The rollouts cannot be read", ["reason": "\(error)"])
    }
  }

  private func takeUp(_ rollout: Rollout) async {
    let plan = rollout.plan
    logger.info("Going on with a rollout", ["id": plan.id, "of": "\(plan.place)"])
    while !isClosing {
      do {
        // Where somebody has stopped it those under way are waited for, and no other begins.
        return try await change(plan.id, by: plan.by, isStopping: rollout.state != .going) { _ in }
      } catch {
        logger.warning("Not gone on with yet", ["id": plan.id, "reason": "\(error)"])
        guard (try? await control.times.clock.sleep(for: .seconds(3))) != nil else { return }
      }
    }
  }

  /// Leaves all of them as they are.
  func close() async {
    isClosing = true
    for run in runs.values { await run.leave() }
  }

  // MARK: - Driving

  /// Changes one that is over as it stands in the store, and goes on with it from there; with those under way alone if it is stopping.
  private func change(
    _ id: String, by person: String, isStopping: Bool = false, _ body: (inout Rollout) -> Void
  ) async throws {
    if let run = runs[id] {
      guard await run.isOver else { return }
      // It is over, and may still be leaving its connection.
      await run.ended()
    }
    guard let before = try store.rollout(id) else { return }
    var rollout = before
    body(&rollout)
    try store.update(rollout, since: before)
    let control = control.acting(as: person)
    try await run(rollout, isStopping: isStopping) { [store, rollout] in
      control.resume(rollout, in: store, until: $0)
    }
  }

  private func run(
    _ rollout: Rollout, isStopping: Bool = false, _ begin: @escaping @Sendable (StopSignal) -> RolloutEvents
  ) async throws {
    guard !isClosing else { throw CancellationError() }
    let id = rollout.plan.id
    let run = RolloutRun(rollout)
    await keep(run, id)
    if isStopping { run.stop.request() }
    await run.drive(begin) { [atEnd] in await atEnd(rollout.plan.place) }
    do {
      guard await within(Self.patience, { await run.begun() }) else { throw BrokerAway() }
      if let failure = await run.failure { throw failure }
    } catch {
      await run.leave()
      // It may have begun in the last moment: then it is in the store, and is shown as it stands there.
      runs[id] = nil
      throw error
    }
  }

  /// Whether something has come to its end in time; what has not is cancelled.
  private func within(_ limit: Duration, _ body: @escaping @Sendable () async -> Void) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        await body()
        return true
      }
      group.addTask { [clock = control.times.clock] in
        try? await clock.sleep(for: limit)
        return false
      }
      return await group.next() ?? false
    }
  }

  private func keep(_ run: RolloutRun, _ id: String) async {
    order.removeAll { $0 == id || runs[$0] == nil }
    order.append(id)
    runs[id] = run
    for old in order.prefix(max(0, order.count - Self.kept)) where await !isAtWork(old) { runs[old] = nil }
  }
}

/// The broker has not been there in time.
struct BrokerAway: Error, CustomStringConvertible {
  let description = "the broker cannot be reached just now; nothing was begun"
}
