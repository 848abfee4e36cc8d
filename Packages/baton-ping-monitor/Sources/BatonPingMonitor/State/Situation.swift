import Baton

/// All that the monitor knows: who is there, what is wrong, what is silenced. A value that messages and time change, and nothing else.
///
/// What changed is taken out of it by ``takeChanges()`` and belongs on disk; ``init(_:settings:)`` makes it anew from there.
struct Situation: Sendable {
  /// What the configuration says about all this.
  struct Settings: Sendable {
    var limits = Roster.Limits()
    var expected: [Expected] = []
    /// In their order; ``Rule/standard`` comes behind them.
    var rules: [Rule] = []
    var sinks: [(name: String, filter: SinkFilter)] = []
    /// Where answers to pings come out, and a service says `down`.
    var pingExchange = "baton_ping_out"
    var deployExchange = "baton_deploy_out"
    var damping = Damping()
  }

  /// As it was kept on disk.
  struct Kept: Sendable {
    var hosts: [Host] = []
    var alerts: [Alert] = []
    var silences: [Silence] = []
    var deploys: [Deploys.Deploy] = []
    var minutes: [RoundTrips.Minute] = []
  }

  private static let silentName = "HostSilent"
  private static let missingName = "HostMissing"

  private(set) var roster: Roster
  private(set) var book: AlertBook
  private(set) var silences: [Silence]
  private(set) var deploys: Deploys
  private(set) var roundTrips: RoundTrips
  private var messages = LastMessages()
  private var changedSilences: Set<String> = []
  private var deliveries: [Delivery] = []
  /// Alerts that may have something to tell before the next look at all of them.
  private var restless: Set<String> = []
  private var settings: Settings
  private var rules: [Rule]
  private var dispatcher: Dispatcher
  /// Whether alerts may be open that another configuration has raised.
  private var isNewlyConfigured = true

  init(_ kept: Kept = Kept(), settings: Settings) {
    self.settings = settings
    rules = settings.rules + [.standard]
    dispatcher = Dispatcher(sinks: settings.sinks)
    roster = Roster(kept.hosts, limits: settings.limits, expected: settings.expected)
    book = AlertBook(kept.alerts)
    silences = kept.silences
    deploys = Deploys(kept.deploys)
    roundTrips = RoundTrips(kept.minutes)
  }

  /// From now on another configuration holds.
  mutating func reconfigure(_ settings: Settings) {
    self.settings = settings
    rules = settings.rules + [.standard]
    dispatcher = Dispatcher(sinks: settings.sinks)
    roster.reconfigure(settings.limits, expected: settings.expected)
    isNewlyConfigured = true
  }

  // MARK: - What happens

  /// A message has come.
  ///
  /// - Parameter roundTrip: how long it took, in milliseconds, if it answers a ping.
  mutating func hear(_ message: AnyMessage, at now: Moment, roundTrip: Double? = nil) {
    messages.add(message, at: now)
    if let roundTrip { roundTrips.add(roundTrip, at: now) }
    if !message.sender.fqdn.isEmpty {
      let isLeaving = message.type == Down.type && message.exchange == settings.pingExchange
      let events = roster.hear(
        message.sender, at: now, roundTrip: roundTrip, version: message.version, isLeaving: isLeaving)
      for event in events { react(to: event, at: now) }
    }
    let isOfDeploy = message.exchange == settings.deployExchange
    guard isOfDeploy || rules.contains(where: { $0.mayFit(message) }) else { return }
    let heard = Heard(message)
    if isOfDeploy { deploys.hear(heard, at: now) }
    guard let rule = rules.first(where: { $0.fits(heard) }), !rule.ignores else { return }
    raise(rule.finding(heard), at: now, deploy: isOfDeploy ? heard.run : nil)
  }

  /// Time has passed. To be called about once a second.
  ///
  /// - Parameters:
  ///   - hearing: since when hosts can be heard without a break; nil if they cannot.
  ///   - deafSince: since when there is no broker; nil if there is one.
  mutating func pass(at now: Moment, hearing: Moment?, deafSince: Moment? = nil) {
    for event in roster.check(at: now, hearing: hearing) { react(to: event, at: now) }
    lookAtBroker(deafSince: deafSince, at: now)
    deploys.pass(at: now)
    if isNewlyConfigured { endUnfounded(at: now) }
    book.pass(at: now)
    restless.formUnion(book.alerts.keys)
    dispatch(at: now)
    endSilences(at: now)
  }

  /// Brings the sinks up to date with the alerts that have changed since this was last called.
  mutating func dispatch(at now: Moment) {
    let inForce = silences.filter { $0.isInForce(at: now) }
    for key in restless {
      guard var alert = book[key] else { continue }
      let silence = alert.state == .firing ? silencing(alert, inForce) : nil
      deliveries += dispatcher.notices(for: &alert, silence: silence, at: now)
      book.update(alert)
    }
    restless = []
  }

  /// The silences as somebody has changed them.
  mutating func replaceSilences(_ silences: [Silence]) {
    let known = Dictionary(self.silences.map { ($0.id, $0) }) { first, _ in first }
    self.silences = silences.map { silence in
      var silence = silence
      silence.hasMatched = silence.hasMatched || known[silence.id]?.hasMatched == true
      return silence
    }
  }

  /// What has changed since this was last asked.
  mutating func takeChanges() -> Changes {
    var changes = Changes()
    (changes.hosts, changes.forgottenHosts) = roster.takeChanged()
    (changes.alerts, changes.forgottenAlerts) = book.takeChanged()
    changes.silences = silences.filter { changedSilences.contains($0.id) }
    changes.deploys = deploys.takeChanged()
    changes.messages = messages.take()
    changes.minutes = roundTrips.takeChanged()
    changes.deliveries = deliveries
    changedSilences = []
    deliveries = []
    return changes
  }

  // MARK: - What that means

  private mutating func react(to event: Roster.Event, at now: Moment) {
    switch event {
    case .changed(let host, _) where host.condition == .silent || host.condition == .gone:
      let subject = subject(Self.silentName, host.server)
      raise(
        Finding(
          subject: subject, severity: host.condition == .gone ? .critical : .warning,
          summary: "\(host.server.fqdn) has not been heard since \(host.lastSeen.text)", damping: settings.damping),
        at: now)
    case .changed(let host, _), .forgotten(let host):
      clear(subject(Self.silentName, host.server), at: now)
    case .missing(let host, let condition):
      let hasLeft = condition == .left
      raise(
        Finding(
          subject: subject(Self.missingName, host), severity: hasLeft ? .warning : .critical,
          summary: hasLeft
            ? "\(host.fqdn) is expected, and has left" : "\(host.fqdn) is expected, and has never been heard",
          damping: settings.damping), at: now)
    case .met(let host):
      clear(subject(Self.missingName, host), at: now)
    }
  }

  /// Ends the alerts of hosts that nobody asks or expects any more: what would end them otherwise does not come.
  private mutating func endUnfounded(at now: Moment) {
    isNewlyConfigured = false
    for subject in book.firing.map(\.subject) {
      let isFounded =
        switch subject.name {
        case Self.silentName: settings.limits.environments.contains(subject.environment)
        case Self.missingName:
          settings.expected.contains { $0.fqdn == subject.host && $0.environment == subject.environment }
        default: true
        }
      if !isFounded { clear(subject, at: now) }
    }
  }

  private mutating func lookAtBroker(deafSince: Moment?, at now: Moment) {
    let subject = Alert.Subject(name: "BrokerUnreachable")
    guard let deafSince else { return clear(subject, at: now) }
    guard now >= deafSince + settings.limits.warning, book[subject.key]?.isActive != true else { return }
    raise(
      Finding(
        subject: subject, severity: .critical,
        summary: "the monitor has had no broker since \(deafSince.text), and hears nothing of the fleet"), at: now)
  }

  private mutating func raise(_ finding: Finding, at now: Moment, deploy: String? = nil) {
    book.raise(finding, at: now, deploy: deploys.explaining(finding.subject)?.id ?? deploy)
    restless.insert(finding.subject.key)
  }

  private mutating func clear(_ subject: Alert.Subject, at now: Moment) {
    book.clear(subject.key, at: now)
    restless.insert(subject.key)
  }

  private func subject(_ name: String, _ server: Server) -> Alert.Subject {
    Alert.Subject(name: name, environment: server.environment, host: server.fqdn)
  }

  private func subject(_ name: String, _ host: Expected) -> Alert.Subject {
    Alert.Subject(name: name, environment: host.environment, host: host.fqdn)
  }

  /// What silences an alert: a deploy at work there, or a silence that somebody has set.
  private mutating func silencing(_ alert: Alert, _ inForce: [Silence]) -> String? {
    if let deploy = deploys.explaining(alert.subject) { return "deploy \(deploy.id)" }
    guard let silence = inForce.first(where: { $0.matches(alert) }) else { return nil }
    if !silence.hasMatched, let index = silences.firstIndex(where: { $0.id == silence.id }) {
      silences[index].hasMatched = true
      changedSilences.insert(silence.id)
    }
    return silence.id
  }

  /// A silence that was to last until its trouble is over ends with it.
  private mutating func endSilences(at now: Moment) {
    for (index, silence) in silences.enumerated()
    where silence.expiresOnResolve && silence.hasMatched && silence.isInForce(at: now)
      && !book.firing.contains(where: { silence.matches($0) })
    {
      silences[index].endsAt = now
      changedSilences.insert(silence.id)
    }
  }
}

extension Situation.Settings {
  /// Whether an exchange is one that services speak on; a monitor's own is not.
  func isOutput(_ exchange: String) -> Bool { exchange.hasSuffix("_out") }
}
