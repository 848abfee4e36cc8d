import AMQP
import Baton

/// The monitor at work: takes messages and time in, keeps what changes on disk, and wakes the couriers.
///
/// Whatever fails between memory and disk, memory is made anew from the disk: what is there is what counts.
actor Bridge {
  /// A leader that has not renewed its lease for so long is gone.
  static let leaseTime: Duration = .seconds(30)

  private var settings: BridgeSettings
  private var sinks: [String: Courier.Assignment]
  private let file: StateFile
  /// This monitor's own name, new with each start.
  private let name: String
  private let logger: Logger
  private let now: @Sendable () -> Moment
  private var doorbells: [String: Doorbell] = [:]

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
  private var peers: Peers

  init(
    _ settings: BridgeSettings, file: StateFile, name: String, logger: Logger,
    now: @escaping @Sendable () -> Moment
  ) {
    self.settings = settings
    sinks = settings.assignments(logger)
    peers = Peers(name: name, database: file.id)
    self.file = file
    self.name = name
    self.logger = logger
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
        if message.type == Beat.type, !settings.situation.isOutput(message.exchange) { continue }
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
    peers.pass(at: now)
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
    let shown =
      if isLeading, let situation { situation } else { Situation(try file.load(), settings: settings.situation) }
    var snapshot = Snapshot(shown, at: now())
    snapshot.isLeading = isLeading
    snapshot.isConnected = isConnected
    snapshot.trouble = trouble
    snapshot.blocked = blocked
    snapshot.counters = counters
    snapshot.peers = peers.view
    let depths = try file.depths()
    snapshot.sinks = settings.sinks.map { ($0.name, depths[$0.name] ?? 0, tallies[$0.name] ?? Courier.Tally()) }
    return snapshot
  }

  // MARK: - What is wanted of it

  /// Goes on with another configuration.
  func reconfigure(_ settings: BridgeSettings) {
    self.settings = settings
    sinks = settings.assignments(logger)
    situation?.reconfigure(settings.situation)
    wakeCouriers()
  }

  /// What is asked, and how often.
  var asking: (environments: [String], interval: Duration) { (settings.environments, settings.interval) }

  /// What the courier of a sink has to do; nil: nothing now.
  func assignment(_ sink: String) -> Courier.Assignment? { isLeading ? sinks[sink] : nil }

  /// What rings when there is something for a sink.
  func doorbell(_ sink: String) -> Doorbell {
    let doorbell = doorbells[sink] ?? Doorbell()
    doorbells[sink] = doorbell
    return doorbell
  }

  // MARK: - Other monitors

  var beat: Beat { Beat(monitor: name, database: file.id, leads: isLeading) }

  func hear(_ beat: Beat) {
    guard let warning = peers.hear(beat, at: now()) else { return }
    logger.warning(warning, ["monitor": beat.monitor, "database": beat.database, "own_database": file.id])
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
    for doorbell in doorbells.values {
      // Ends at once.
      Task { await doorbell.ring() }
    }
  }
}
