import AMQP
import Baton

/// The monitor at work: takes messages and time in, keeps what changes on disk, and wakes the couriers.
///
/// Whatever fails between memory and disk, memory is made anew from the disk: what is there is what counts.
actor Bridge {
  /// What a page or the metrics show.
  struct Snapshot: Sendable {
    var now: Moment
    var isLeading = false
    var isConnected = false
    var trouble: String?
    var blocked: String?
    var hosts: [Host] = []
    var missing: [Expected] = []
    var counts: [Host.Condition: Int] = [:]
    var alerts: [Alert] = []
    var silences: [Silence] = []
    var deploys: [Deploys.Deploy] = []
    var roundTrips = RoundTrips()
    var counters = Counters()
    var sinks: [(name: String, depth: Int, tally: Courier.Tally)] = []
    /// Other monitors on the queue, and whether they share the database.
    var standbys: [(name: String, isShared: Bool)] = []
  }

  struct Counters: Sendable, Hashable {
    var messages = 0
    var pings = 0
    var unroutedPings = 0
    var reconnects = 0
  }

  private struct Peer {
    let database: String
    var heardAt: Moment
  }

  /// A leader that has not renewed its lease for so long is gone.
  static let leaseTime: Duration = .seconds(30)

  private let settings: BridgeSettings
  private let file: StateFile
  /// This monitor's own name, new with each start.
  private let name: String
  private let logger: Logger
  private let now: @Sendable () -> Moment
  private let doorbells: [Doorbell]

  private var situation: Situation?
  private(set) var isLeading = false
  private var isConnected = false
  private var blocked: String?
  private var trouble: String?
  private var deafSince: Moment?
  /// Since when hosts can be heard; nil while they cannot be asked.
  private var hearing: Moment?
  private var pingedAt: Moment?
  private var leaseRenewedAt: Moment?
  private var pings = Pings()
  private var counters = Counters()
  private var tallies: [String: Courier.Tally] = [:]
  private var peers: [String: Peer] = [:]

  init(
    _ settings: BridgeSettings, file: StateFile, name: String, logger: Logger, doorbells: [Doorbell] = [],
    now: @escaping @Sendable () -> Moment
  ) {
    self.settings = settings
    self.file = file
    self.name = name
    self.logger = logger
    self.doorbells = doorbells
    self.now = now
    deafSince = now()
  }

  // MARK: - What happens

  func connectionChanged(_ status: Agent.Status) {
    switch status {
    case .listening:
      isConnected = true
      deafSince = nil
      blocked = nil
      trouble = nil
      // Until a message shows that this is still the active one.
      isLeading = false
    case .disconnected(let reason):
      if isConnected { counters.reconnects += 1 }
      if deafSince == nil { deafSince = now() }
      isConnected = false
      trouble = reason
      hearing = nil
      pingedAt = nil
    case .blocked(let reason): blocked = reason
    }
  }

  /// Takes in what has come. When this returns, all that it changed is on disk.
  func handle(_ messages: [AnyMessage]) async throws {
    let now = now()
    let instant = ContinuousClock.now
    // Only the active one is given messages.
    try lead(at: now)
    try change(at: now) { situation in
      for message in messages {
        if message.type == Beat.type, !settings.situation.isOutput(message.exchange) {
          meet(message, at: now)
          continue
        }
        counters.messages += 1
        if settings.logsMessages {
          guard
            logger.log(
              message.isError ? .error : .info, "Message read", body: message.body, messageID: message.messageID)
          else {
            throw LogUnwritable()
          }
        }
        situation.hear(message, at: now, roundTrip: pings.roundTrip(of: message, at: instant))
      }
      situation.dispatch(at: now)
    }
  }

  /// Takes in that time has passed; about once a second.
  func tick() throws {
    let now = now()
    peers = peers.filter { now < $0.value.heardAt + .seconds(10) }
    // Also where it leads already: after a failure of the disk the situation has to be made anew.
    if try isLeading || isNobodyLeading(at: now) { try lead(at: now) }
    guard isLeading else { return }
    if leaseRenewedAt.map({ now >= $0 + .seconds(5) }) ?? true {
      try file.renewLease(name, at: now)
      leaseRenewedAt = now
    }
    if let pingedAt, now > pingedAt + settings.interval * 1.5 + .seconds(5) { hearing = nil }
    let silences = try file.silences()
    try change(at: now) { situation in
      situation.replaceSilences(silences)
      situation.pass(at: now, hearing: hearing, deafSince: deafSince)
    }
  }

  /// The broker has confirmed a ping.
  func pinged(_ environment: String, id: String, at instant: ContinuousClock.Instant) {
    counters.pings += 1
    pings.sent(id, to: environment, at: instant)
  }

  /// All environments have been asked; some may have nobody who listens.
  func pingedAll(unrouted: Int) {
    counters.unroutedPings += unrouted
    let now = now()
    pingedAt = now
    if hearing == nil, isLeading { hearing = now }
  }

  func report(_ tally: Courier.Tally, of sink: String) { tallies[sink] = tally }

  /// Whether it hears, or stands by for another, and what is the matter otherwise.
  var health: (isWell: Bool, words: String) {
    guard isConnected else { return (false, "no broker: \(trouble ?? "not connected yet")") }
    if let blocked { return (false, "the broker is blocked: \(blocked)") }
    if isLeading, situation == nil { return (false, "the state cannot be kept on disk; see the log") }
    return (true, isLeading ? "ok, leading" : "ok, standing by")
  }

  func snapshot() throws -> Snapshot {
    var snapshot = Snapshot(now: now())
    snapshot.isLeading = isLeading
    snapshot.isConnected = isConnected
    snapshot.trouble = trouble
    snapshot.blocked = blocked
    snapshot.counters = counters
    let depths = try file.depths()
    snapshot.sinks = settings.sinks.map { ($0.name, depths[$0.name] ?? 0, tallies[$0.name] ?? Courier.Tally()) }
    snapshot.standbys = peers.map { ($0.key, $0.value.database == file.id) }.sorted { $0.0 < $1.0 }
    let situation =
      if isLeading, let situation = self.situation { situation } else {
        Situation(try file.load(), settings: settings.situation)
      }
    snapshot.hosts = situation.roster.hosts.values.sorted {
      ($0.server.environment, $0.server.fqdn) < ($1.server.environment, $1.server.fqdn)
    }
    snapshot.missing = situation.roster.missingHosts
    snapshot.counts = situation.roster.counts
    snapshot.alerts = situation.book.alerts.values.sorted { ($1.startedAt, $0.key) < ($0.startedAt, $1.key) }
    snapshot.silences = situation.silences
    snapshot.deploys = situation.deploys.running.values.sorted { $0.startedAt < $1.startedAt }
    snapshot.roundTrips = situation.roundTrips
    return snapshot
  }

  // MARK: - Leading

  private func lead(at now: Moment) throws {
    guard !isLeading || situation == nil else { return }
    if !isLeading {
      let former = try file.lease()
      try file.takeLease(name, at: now)
      leaseRenewedAt = now
      isLeading = true
      let kept = try file.load()
      situation = Situation(kept, settings: settings.situation)
      logger.info(
        "Leading",
        [
          "open_alerts": "\(kept.alerts.count { $0.state == .firing })", "hosts": "\(kept.hosts.count)",
          "database": file.path, "former_leader": former.map { $0.holder == name ? "itself" : $0.holder } ?? "none",
        ])
      // What a former leader has left in the queues of the sinks is told now.
      wakeCouriers()
    } else {
      situation = Situation(try file.load(), settings: settings.situation)
    }
  }

  /// Without a broker nobody is told who is active; then the lease says it.
  private func isNobodyLeading(at now: Moment) throws -> Bool {
    guard let deafSince, now >= deafSince + Self.leaseTime else { return false }
    guard let lease = try file.lease() else { return true }
    return lease.holder == name || now >= lease.at + Self.leaseTime
  }

  private func meet(_ message: AnyMessage, at now: Moment) {
    guard let beat = try? JSONText.decode(Beat.self, from: message.body), beat.monitor != name else { return }
    if peers[beat.monitor] == nil, beat.database != file.id {
      logger.warning(
        "Another monitor on this queue has a database of its own: when it takes over, it begins without these alerts",
        ["monitor": beat.monitor, "database": beat.database, "own_database": file.id])
    }
    peers[beat.monitor] = Peer(database: beat.database, heardAt: now)
  }

  // MARK: - Memory and disk

  private func change(at now: Moment, _ body: (inout Situation) throws -> Void) throws {
    guard var situation else { return }
    // The only reference: what is changed is not copied.
    self.situation = nil
    do {
      try body(&situation)
      let changes = situation.takeChanges()
      try file.save(changes, by: name, at: now)
      self.situation = situation
      if !changes.deliveries.isEmpty { wakeCouriers() }
    } catch {
      if error is LeaseLost { isLeading = false }
      throw error
    }
  }

  private func wakeCouriers() {
    for doorbell in doorbells {
      // Ends at once.
      Task { await doorbell.ring() }
    }
  }
}
