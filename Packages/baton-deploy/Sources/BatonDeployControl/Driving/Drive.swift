import AMQP
import Baton
import BatonDeploy
import BatonStore

/// A rollout being driven: holds the lock, tells hosts, hears them, writes down what matters before it tells anybody, and does it all
/// again on a new connection when one is lost.
actor Drive {
  private enum Event: Sendable {
    case received([AnyMessage])
    case confirmed(Rollout.Assignment, Confirm)
    case tick(at: Int64)
    /// By the operator here, or by another one.
    case stopped(by: String?)
  }

  private typealias Events = ThrowingTaskGroup<Event, any Error>

  private let control: DeployControl
  private let store: RolloutStore
  private let stop: StopSignal
  private let events: RolloutEvents.Continuation
  private let began: Int64
  private let isNew: Bool
  private var rollout: Rollout
  /// As it is on disk.
  private var written: Rollout
  /// Whether the lock has been held: from then on losing it is something to get over.
  private var hasHeldLock = false
  /// Why it cannot be gone on with at all.
  private var failure: (any Error)?
  private var nextTick: Int64?

  init(
    _ rollout: Rollout, isNew: Bool, control: DeployControl, store: RolloutStore, stop: StopSignal,
    events: RolloutEvents.Continuation
  ) {
    self.rollout = rollout
    self.isNew = isNew
    self.control = control
    self.store = store
    self.stop = stop
    self.events = events
    written = rollout
    began = control.times.now()
  }

  /// Drives it until it is over. After a stop it goes on, also over a lost connection, until those under way have ended.
  func run() async throws {
    let (losses, lost) = AsyncStream.makeStream(of: String.self)
    async let telling: Void = {
      for await reason in losses { await self.say(.disconnected(reason: reason)) }
    }()
    let giveUp = StopSignal()
    // Ended by the stop, or below.
    let stopping = Task { if (try? await stop.wait()) != nil { self.stopUnconnected(giveUp) } }
    let recovery = Recovery(broker: control.broker, clock: control.times.clock, logger: control.logger, stop: giveUp)
    await recovery.run { channel in
      try await self.attend(channel)
    } report: { event in
      if case .lost(let reason) = event { lost.yield("\(reason)") }
    }
    stopping.cancel()
    lost.finish()
    await telling
    if let failure { throw failure }
    try Task.checkCancellation()
  }

  /// Where there is no connection nobody else hears of the stop; one that has not begun, or has nobody under way, waits for none.
  private func stopUnconnected(_ giveUp: StopSignal) {
    do {
      if hasHeldLock { try change { $0.stop() } }
      if !hasHeldLock || rollout.isOver { giveUp.request() }
    } catch {
      failure = error
      giveUp.request()
    }
  }

  // MARK: - On one connection

  /// Goes on with it on a channel; throws what another channel may mend.
  private func attend(_ channel: any Baton.Channel) async throws {
    do {
      let conversation = try await control.api.converse(on: channel, hearsAll: true)
      let lock = try await lock(on: channel)
      if !hasHeldLock { try takeUp() }
      hasHeldLock = true
      say(.connected)
      try await serve(conversation, lock)
    } catch let error as StoreError {
      failure = error
    } catch let error where !hasHeldLock && Self.isFinal(error) {
      failure = error
    }
  }

  /// The lock is held, so nobody else writes to this rollout: from here on what is on disk is what is known here.
  private func takeUp() throws {
    if isNew {
      try store.insert(rollout, at: began)
      return
    }
    // Whoever drove it until now may have come further since it was read.
    if let known = try store.rollout(rollout.plan.id) { (rollout, written) = (known, known) }
    rollout.resume(at: began)
    if stop.isRequested { rollout.stop() }
    try write()
  }

  private func lock(on channel: any Baton.Channel) async throws -> RolloutLock {
    let server = Server(environment: rollout.plan.place.environment, fqdn: rollout.plan.by)
    do {
      return try await RolloutLock(on: channel, for: rollout.plan, since: began, server: server)
    } catch AMQPError.Code.resourceLocked {
      throw LockHeld(place: rollout.plan.place, holder: try await control.holder(of: rollout.plan.place))
    } catch let error as AMQPError where error.code == .accessRefused || error.code == .notFound {
      // Where a queue may not be declared it is looked for, and nobody has it.
      throw AMQPError(
        .accessRefused,
        "\(error.reason); 'baton broker-setup --extension deploy' prints the rights that it takes",
        while: "hold the lock of \(rollout.plan.place)")
    }
  }

  /// Whether there is no sense in trying again, at the very beginning.
  private static func isFinal(_ error: any Error) -> Bool {
    guard let error = error as? AMQPError else { return error is LockHeld }
    return [.accessRefused, .notAllowed, .preconditionFailed, .notFound].contains(error.code)
  }

  private func serve(_ conversation: Conversation, _ lock: RolloutLock) async throws {
    try await withThrowingTaskGroup(of: Event.self) { group in
      defer { group.cancelAll() }
      nextTick = nil
      group.addTask { .stopped(by: try await lock.answer()) }
      group.addTask { [stop] in
        try await stop.wait()
        return .stopped(by: nil)
      }
      receive(on: conversation, in: &group)
      // Their answers would go to the queue that was lost.
      tell(rollout.underWay, on: conversation, in: &group)
      try advance(on: conversation, in: &group)
      while !rollout.isOver, let event = try await group.next() {
        if case .stopped(by: .some) = event { group.addTask { .stopped(by: try await lock.answer()) } }
        try handle(event, on: conversation, in: &group)
        try advance(on: conversation, in: &group)
      }
    }
  }

  private func handle(_ event: Event, on conversation: Conversation, in group: inout Events) throws {
    let now = control.times.now()
    switch event {
    case .received(let messages):
      for message in messages { try hear(message, at: now, on: conversation, in: &group) }
      receive(on: conversation, in: &group)
    case .confirmed(let assignment, let confirm):
      rollout.confirmed(assignment, isRouted: confirm == .accepted)
      if confirm != .accepted { say(.unrouted(assignment)) }
    case .tick(let time):
      if nextTick == time { nextTick = nil }
      try change { $0.tick(at: now) }
    case .stopped(let by):
      if let by { say(.stopped(by: by)) }
      try change { $0.stop() }
    }
  }

  /// Lets those begin who may, and sees to it that time is looked at when it matters.
  private func advance(on conversation: Conversation, in group: inout Events) throws {
    let now = control.times.now()
    let assignments = rollout.next(at: now)
    if !assignments.isEmpty {
      // A host that was told and is not written down would be forgotten.
      try write()
      tell(assignments, on: conversation, in: &group)
    }
    guard let next = rollout.nextTick(after: now), nextTick.map({ next < $0 }) ?? true else { return }
    nextTick = next
    group.addTask { [clock = control.times.clock] in
      try await clock.sleep(for: .milliseconds(next - now))
      return .tick(at: next)
    }
  }

  private func receive(on conversation: Conversation, in group: inout Events) {
    group.addTask { .received(try await conversation.receive()) }
  }

  private func tell(
    _ assignments: [Rollout.Assignment], on conversation: Conversation, in group: inout Events
  ) {
    guard !assignments.isEmpty else { return }
    say(.told(assignments))
    for assignment in assignments {
      group.addTask { [control, rollout] in
        let confirm = try await control.tell(assignment, of: rollout, on: conversation)
        return .confirmed(assignment, confirm)
      }
    }
  }

  // MARK: - What hosts say

  private func hear(
    _ message: AnyMessage, at now: Int64, on conversation: Conversation, in group: inout Events
  ) throws {
    let host = message.sender.fqdn
    guard rollout.host(host) != nil else { return }
    if message.type == Up.type {
      // Whoever starts anew has lost what was on its queue, and knows from its journal what it had begun.
      tell(rollout.underWay.filter { $0.host == host }, on: conversation, in: &group)
      return
    }
    guard let direction = direction(of: message) else { return }
    let assignment = Rollout.Assignment(host: host, direction: direction)
    do {
      switch message.type {
      case Progress.type:
        let progress = try message.decode(Progress.self)
        rollout.heard(progress, from: host, direction)
        say(.progress(assignment, progress))
      case Deployed.type:
        let deployed = try message.decode(Deployed.self)
        try change { $0.heard(deployed, from: host, direction, at: now) }
      case NotDeployed.type:
        let failure = try message.decode(NotDeployed.self)
        try change { $0.heard(failure, from: host, direction, at: now) }
      default: break
      }
    } catch let unreadable as Unreadable {
      control.logger.warning("Unreadable answer", ["host": host, "type": message.type, "reason": unreadable.reason])
    }
  }

  /// Whether a message is about this rollout: it names its act, or answers a request of it.
  private func direction(of message: AnyMessage) -> Rollout.Direction? {
    let id = (try? message.decode(Identified.self))?.id
    return [Rollout.Direction.forward, .back].first { direction in
      let assignment = Rollout.Assignment(host: message.sender.fqdn, direction: direction)
      return id == rollout.id(of: direction) || message.properties.correlationID == rollout.messageID(of: assignment)
    }
  }

  // MARK: - Telling and writing

  /// Changes the rollout, writes it down, and tells what has become different.
  private func change(_ body: (inout Rollout) -> Void) throws {
    let before = rollout
    body(&rollout)
    guard rollout != before else { return }
    try write()
    for (host, old) in zip(rollout.hosts, before.hosts) where host != old {
      sayEnd(of: host.act, was: old.act, .init(host: host.fqdn, direction: .forward))
      if let undo = host.undo { sayEnd(of: undo, was: old.undo, .init(host: host.fqdn, direction: .back)) }
    }
    if rollout.state != before.state || rollout.direction != before.direction { say(.turned) }
  }

  private func sayEnd(of work: Work, was before: Work?, _ assignment: Rollout.Assignment) {
    guard work.phase != before?.phase else { return }
    switch work.phase {
    case .done: if let result = work.result { say(.done(assignment, result)) }
    case .failed: if let failure = work.failure { say(.failed(assignment, failure)) }
    case .silent, .notConnected: say(.lost(assignment))
    case .waiting, .told, .underWay: break
    }
  }

  private func write() throws {
    try store.update(rollout, since: written)
    written = rollout
  }

  private func say(_ what: RolloutEvent.What) {
    events.yield(RolloutEvent(what: what, rollout: rollout, time: control.times.now()))
  }
}

/// The member `id` of whatever has one.
private struct Identified: Message {
  static let type = ""
  let id: String?
}
