public import BatonDeploy

/// One act on one host, as far as it is known here.
public struct Work: Codable, Hashable, Sendable {
  public enum Phase: String, Codable, Sendable {
    /// Nothing has been said to the host.
    case waiting
    /// It has been told; it may have begun.
    case told
    /// It says that it is at it.
    case underWay = "under way"
    case done
    case failed
    /// It was told, and its last word has not come in time. It may still come.
    case silent
    /// Nobody listens there.
    case notConnected = "not connected"
  }

  public internal(set) var phase = Phase.waiting
  /// When it was told first, and when it ended; milliseconds since 1970.
  public internal(set) var told: Int64?
  public internal(set) var ended: Int64?
  /// Where it is, or where it failed.
  public internal(set) var step: Step?
  /// Why it failed.
  public internal(set) var failure: NotDeployed?
  /// The host's own words at the end.
  public internal(set) var result: Deployed?
  /// Whether the failure counted in an earlier run, and does not count again.
  public internal(set) var isForgiven = false
  /// Whether somebody listened when it was told last.
  public internal(set) var isRouted = true
  /// The number of the last message that was heard.
  var sequence = 0

  public init() {}

  public var isUnderWay: Bool { phase == .told || phase == .underWay }

  /// Whether it has gone wrong, as far as is known.
  public var hasFailed: Bool { phase == .failed || phase == .silent || phase == .notConnected }

  /// How long it has taken, or is taking; milliseconds.
  public func milliseconds(at now: Int64) -> Int64? { told.map { max(0, (ended ?? now) - $0) } }
}

// MARK: - What happens to it

extension Work {
  mutating func tell(at now: Int64) {
    phase = .told
    told = now
    ended = nil
  }

  mutating func begin(_ progress: Progress) {
    // A word that was overtaken, or repeated after a lost connection, is old.
    guard !isOver, progress.sequence > sequence else { return }
    sequence = progress.sequence
    phase = .underWay
    ended = nil
    step = progress.step
  }

  mutating func succeed(_ deployed: Deployed, at now: Int64) {
    guard !isOver else { return }
    end(.done, at: now)
    result = deployed
  }

  mutating func fail(_ failure: NotDeployed, at now: Int64) {
    guard !isOver else { return }
    end(.failed, at: now)
    self.failure = failure
    step = failure.step ?? step
  }

  /// The time for its last word is over.
  mutating func lose(at now: Int64) {
    guard isUnderWay else { return }
    end(phase == .told && !isRouted ? .notConnected : .silent, at: now)
  }

  /// When waiting for its last word is over; nil if there is none to wait for.
  func end(_ policy: RolloutPolicy) -> Int64? {
    switch phase {
    case .told: told.map { $0 + policy.patience.inMilliseconds }
    case .underWay: told.map { $0 + policy.limit.inMilliseconds }
    case .waiting, .done, .failed, .silent, .notConnected: nil
    }
  }

  /// It is told again: at once if it was under way, in its turn if nothing was heard of it.
  mutating func retry(at now: Int64) {
    switch phase {
    case .told, .underWay: told = now
    case .silent, .notConnected: phase = .waiting
    case .waiting, .done, .failed: break
    }
  }

  /// A host says its last word once.
  private var isOver: Bool { phase == .done || phase == .failed }

  private mutating func end(_ phase: Phase, at now: Int64) {
    self.phase = phase
    ended = now
  }
}
