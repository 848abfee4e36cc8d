import Baton
public import BatonDeploy

/// An act on many hosts, in order and with care: who may begin, who is under way, when to stop, who has to go back.
///
/// It does nothing by itself and looks at no clock: what happens is told to it with the time, and it says who is to be told what.
/// Times are milliseconds since 1970.
public struct Rollout: Sendable, Hashable {
  public enum Reason: String, Codable, Sendable {
    /// More hosts failed than are allowed to, or a canary did.
    case failures
    case `operator`
  }

  public enum State: Codable, Hashable, Sendable {
    /// It waits for a second person to say yes.
    case proposed
    /// Hosts begin as the policy lets them.
    case going
    /// No new host begins; those under way end.
    case stopping(Reason)
    /// Nobody is under way, and some have not begun, or could not be reached.
    case paused(Reason)
    case ended
  }

  public enum Direction: String, Codable, Sendable {
    case forward
    /// Those that have switched go back.
    case back
  }

  /// Something to tell a host.
  public struct Assignment: Hashable, Sendable {
    public let host: String
    public let direction: Direction
  }

  public let plan: RolloutPlan
  public let policy: RolloutPolicy
  /// In the order in which they begin.
  public internal(set) var hosts: [RolloutHost]
  /// Named hosts that were not connected, and are gone on without.
  public let skipped: [String]
  public internal(set) var state = State.going
  public internal(set) var direction = Direction.forward
  /// The second person, where one is wanted.
  public internal(set) var approvedBy: String?

  public init(_ plan: RolloutPlan, _ policy: RolloutPolicy, hosts: [RolloutHost], skipped: [String] = []) {
    self.plan = plan
    self.policy = policy
    self.hosts = hosts
    self.skipped = skipped
  }

  /// Whether nothing more will happen by itself.
  public var isOver: Bool {
    switch state {
    case .going, .stopping: false
    case .proposed, .paused, .ended: true
    }
  }

  /// Whether more hosts have failed than may, or a canary has.
  public var hasFailedTooOften: Bool {
    let failed = hosts.count { $0.act.hasFailed && !$0.act.isForgiven }
    return failed > policy.maxFailures.of(hosts.count)
      || hosts.prefix(policy.canary).contains { $0.act.hasFailed && !$0.act.isForgiven }
  }

  /// The id of the act on the hosts, and of the one that takes it back.
  public func id(of direction: Direction) -> String { direction == .forward ? plan.id : "\(plan.id)-undo" }

  /// The id of the message that tells one host: the same each time it is sent.
  public func messageID(of assignment: Assignment) -> String {
    "\(id(of: assignment.direction))/\(assignment.host)"
  }

  public func host(_ fqdn: String) -> RolloutHost? { hosts.first { $0.fqdn == fqdn } }

  /// The moment after which a host is not to begin; milliseconds since 1970.
  public func deadline(of assignment: Assignment) -> Int64 {
    let host = host(assignment.host)
    let work = assignment.direction == .forward ? host?.act : host?.undo
    return (work?.told ?? 0) + policy.patience.inMilliseconds
  }

  /// Who has been told and has not said a last word; to be told again when a connection was lost, theirs or ours.
  public var underWay: [Assignment] {
    hosts.flatMap { host -> [Assignment] in
      (host.act.isUnderWay ? [Assignment(host: host.fqdn, direction: .forward)] : [])
        + (host.undo?.isUnderWay == true ? [Assignment(host: host.fqdn, direction: .back)] : [])
    }
  }
}

// MARK: - What happens

extension Rollout {
  /// Gives those who are to be told now; they count as told.
  public mutating func next(at now: Int64) -> [Assignment] {
    guard case .going = state else { return [] }
    let candidates = hosts.indices.filter { isCandidate(hosts[$0], index: $0, at: now) }
    let begun = candidates.prefix(max(0, window - occupied(at: now)))
    for index in begun { change(hosts[index].fqdn, direction) { $0.tell(at: now) } }
    return begun.map { Assignment(host: hosts[$0].fqdn, direction: direction) }
  }

  /// A host tells of its progress.
  public mutating func heard(_ progress: Progress, from host: String, _ direction: Direction) {
    change(host, direction) { $0.begin(progress) }
  }

  /// A host has done it.
  public mutating func heard(_ deployed: Deployed, from host: String, _ direction: Direction, at now: Int64) {
    change(host, direction) { $0.succeed(deployed, at: now) }
    settle()
  }

  /// A host has not done it.
  public mutating func heard(_ failure: NotDeployed, from host: String, _ direction: Direction, at now: Int64) {
    change(host, direction) { $0.fail(failure, at: now) }
    settle()
  }

  /// The broker says whether somebody listens at a host. If nobody does it may be starting anew, as after a restart of the broker: it is
  /// told again when it is up, while its time is not over.
  public mutating func confirmed(_ assignment: Assignment, isRouted: Bool) {
    change(assignment.host, assignment.direction) { $0.isRouted = isRouted }
  }

  /// Time has gone by.
  public mutating func tick(at now: Int64) {
    let policy = policy
    for assignment in underWay {
      change(assignment.host, assignment.direction) { work in
        if let end = work.end(policy), end <= now { work.lose(at: now) }
      }
    }
    settle()
  }

  /// No new host is to begin.
  public mutating func stop() {
    if case .going = state { state = .stopping(.operator) }
    settle()
  }

  /// Goes on after a pause, or after whoever drove it died. What has failed stays as it is, and does not count again if it was why it
  /// paused; who was silent or not there is told again.
  public mutating func resume(at now: Int64) {
    guard state != .ended, state != .proposed else { return }
    for index in hosts.indices {
      if state == .paused(.failures), hosts[index].act.phase == .failed { hosts[index].act.isForgiven = true }
      if direction == .forward { hosts[index].act.retry(at: now) }
      hosts[index].undo?.retry(at: now)
    }
    state = .going
    settle()
  }

  /// Will not be resumed.
  public mutating func close() { state = .ended }

  /// Is not to begin before a second person has said yes.
  public mutating func propose() { state = .proposed }

  /// A second person says yes: it may be resumed, which begins it.
  public mutating func approve(by person: String) {
    guard state == .proposed else { return }
    approvedBy = person
    state = .paused(.operator)
  }

  /// Those that have switched are to go back to what they ran before, also after it has ended; only once it is over.
  public mutating func goBack() {
    guard canGoBack else { return }
    direction = .back
    state = .going
    settle()
  }

  /// Whether there is anybody who could go back.
  public var canGoBack: Bool { isOver && direction == .forward && hosts.contains { $0.canGoBack } }

  /// When the last host ended, once it is over; milliseconds since 1970.
  public var ended: Int64? {
    isOver ? hosts.flatMap { [$0.act.ended, $0.undo?.ended].compactMap(\.self) }.max() : nil
  }

  /// When time alone changes something: a pause is over, or a host's patience. Nil if it does not.
  public func nextTick(after now: Int64) -> Int64? {
    let pauses = hosts.compactMap { host in host.act.ended.map { $0 + policy.pause.inMilliseconds } }
    let deadlines = hosts.flatMap { [$0.act, $0.undo].compactMap { $0.flatMap { $0.end(policy) } } }
    return (pauses + deadlines).filter { $0 > now }.min()
  }
}

// MARK: - The rules

extension Rollout {
  /// How many may be under way at once, at least one.
  private var window: Int {
    isCanary ? min(policy.canary, hosts.count) : max(1, policy.wave.of(hosts.count))
  }

  /// Whether the canaries are not all through yet.
  private var isCanary: Bool {
    direction == .forward && hosts.prefix(policy.canary).contains { $0.act.phase == .waiting || $0.act.isUnderWay }
  }

  private func isCandidate(_ host: RolloutHost, index: Int, at now: Int64) -> Bool {
    switch direction {
    case .forward:
      guard host.act.phase == .waiting else { return false }
      guard index >= policy.canary else { return true }
      return hosts.prefix(policy.canary).allSatisfy { canary in
        !canary.act.isUnderWay && canary.act.phase != .waiting && !isResting(canary, at: now)
      }
    case .back: return host.canGoBack && (host.undo ?? Work()).phase == .waiting
    }
  }

  /// Whether a host that has ended is still being looked at.
  private func isResting(_ host: RolloutHost, at now: Int64) -> Bool {
    direction == .forward && (host.act.ended.map { $0 + policy.pause.inMilliseconds > now } ?? false)
  }

  private func occupied(at now: Int64) -> Int {
    hosts.count { $0.act.isUnderWay || $0.undo?.isUnderWay == true || isResting($0, at: now) }
  }

  private var hasWaiting: Bool {
    switch direction {
    case .forward: hosts.contains { $0.act.phase == .waiting }
    case .back: hosts.contains { $0.canGoBack && ($0.undo ?? Work()).phase == .waiting }
    }
  }

  /// Whether there are hosts that it makes sense to tell again later.
  private var hasUnreached: Bool {
    let works = direction == .forward ? hosts.map(\.act) : hosts.compactMap(\.undo)
    return works.contains { $0.phase == .silent || $0.phase == .notConnected }
  }

  private mutating func change(_ host: String, _ direction: Direction, _ body: (inout Work) -> Void) {
    guard let index = hosts.firstIndex(where: { $0.fqdn == host }) else { return }
    switch direction {
    case .forward: body(&hosts[index].act)
    case .back:
      var undo = hosts[index].undo ?? Work()
      body(&undo)
      hosts[index].undo = undo
    }
  }

  /// Draws the consequences of what has happened.
  private mutating func settle() {
    if case .going = state, direction == .forward, hasFailedTooOften { state = .stopping(.failures) }
    guard underWay.isEmpty else { return }
    switch state {
    case .stopping(.failures) where policy.rollsBack && direction == .forward:
      direction = .back
      state = .going
      settle()
    case .stopping(let reason): state = hasWaiting || hasUnreached ? .paused(reason) : .ended
    case .going where !hasWaiting: state = hasUnreached ? .paused(.failures) : .ended
    case .proposed, .going, .paused, .ended: break
    }
  }
}

extension Duration {
  var inMilliseconds: Int64 { Int64(milliseconds) }
}
