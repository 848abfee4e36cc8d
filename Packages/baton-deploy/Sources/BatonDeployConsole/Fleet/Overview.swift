import AMQP
import Baton
import BatonDeploy
import BatonDeployControl

/// What runs where, as far as it has been heard: asked when the console starts and when somebody looks, and kept up by what hosts say
/// of themselves in between.
actor Overview {
  /// Somebody who looks sees nothing older; milliseconds.
  private static let freshness: Int64 = 15_000
  /// Hosts of which something was heard since are not asked more often than so; milliseconds.
  private static let shortest: Int64 = 3000
  /// A host that nobody has named and that says nothing for so long is forgotten; milliseconds.
  private static let memory: Int64 = 24 * 3_600_000

  /// Places beyond so many are not taken up.
  private static let most = 1000

  private let control: DeployControl
  private let store: RolloutStore
  private let logger: Logger
  /// How long hosts have to answer.
  private let wait: Duration
  /// The hosts that the configuration names, by place.
  private let named: [Place: [String]]
  /// Whose hosts are asked what they have.
  private let environments: [String]
  private var spots: [Place: Spot] = [:]
  private var refreshing: [Place: Task<Void, Never>] = [:]
  private var bell = Bell()
  /// Why nothing is heard just now; nil while something is.
  private(set) var trouble: String?

  init(
    _ control: DeployControl, _ store: RolloutStore, named: [Place: [String]], environments: [String] = [],
    wait: Duration = .seconds(2), logger: Logger
  ) {
    self.control = control
    self.store = store
    self.named = named
    self.environments = environments
    self.wait = wait
    self.logger = logger
  }

  // MARK: - Looking

  /// All places, by application and environment.
  func all() -> [Spot] {
    spots.values.sorted { ($0.place.app, $0.place.environment) < ($1.place.app, $1.place.environment) }
  }

  /// A place for somebody who looks at it now; one that has never been asked is asked first. Nil if nobody knows it.
  func look(at place: Place) async -> Spot? {
    guard let spot = spots[place] else { return nil }
    let task = refreshIfNeeded(spot)
    if spot.asked == nil, spot.problem == nil { await task?.value }
    return spots[place]
  }

  /// All places for somebody who looks at them now.
  func lookAround() async -> [Spot] {
    let tasks = spots.values.compactMap { spot in
      let task = refreshIfNeeded(spot)
      return spot.asked == nil && spot.problem == nil ? task : nil
    }
    for task in tasks { await task.value }
    return all()
  }

  /// Asks the hosts of a place, and returns when they have answered.
  func refresh(_ place: Place) async {
    if spots[place] == nil { spots[place] = Spot(place) }
    await begin(place).value
  }

  /// Strokes when something is different.
  func listen() -> AsyncStream<Void> {
    let strokes = bell.listen()
    bell.ring()
    return strokes
  }

  func ring() { bell.ring() }

  // MARK: - Hearing

  /// Hears what hosts say, until it is cancelled.
  func run() async {
    learn()
    async let discovered: Void = discover()
    while !Task.isCancelled {
      do {
        for try await message in control.messages() { hear(message) }
      } catch {
        trouble = "\(error)"
        bell.ring()
      }
      try? await control.times.clock.sleep(for: .seconds(1))
    }
    await discovered
    for task in refreshing.values { task.cancel() }
  }

  /// What is known before anybody has said anything: from the configuration, and from the rollouts that were begun from here.
  private func learn() {
    do {
      for place in try store.places() {
        var spot = Spot(place)
        for host in try store.hosts(of: place) { spot.expect(host) }
        spots[place] = spot
      }
    } catch {
      logger.error("The rollouts cannot be read", ["reason": "\(error)"])
    }
    for (place, hosts) in named {
      var spot = spots[place] ?? Spot(place)
      for host in hosts { spot.expect(host) }
      spots[place] = spot
    }
    for place in spots.keys { _ = begin(place) }
  }

  /// Asks who is there, once the broker is.
  private func discover() async {
    guard !environments.isEmpty else { return }
    while !Task.isCancelled {
      do {
        for server in try await control.discover(environments, wait: wait) {
          for app in server.appNames { expect(server.fqdn, app: app, environment: server.environment) }
        }
        for spot in spots.values where spot.asked == nil { _ = begin(spot.place) }
        return
      } catch let error as AMQPError where error.code == .accessRefused || error.code == .notFound {
        logger.info("Nobody is asked which applications he has", ["reason": "\(error)"])
        return
      } catch {
        try? await control.times.clock.sleep(for: .seconds(3))
      }
    }
  }

  /// A host says that it has an application. What a stranger writes on the exchange makes no place.
  @discardableResult
  private func expect(_ fqdn: String, app: String, environment: String) -> Place? {
    guard let app = try? Names.app(app), let environment = try? Names.environment(environment),
      (try? Names.host(fqdn)) != nil
    else { return nil }
    let place = Place(app: app, environment: environment)
    if spots[place] == nil, spots.count >= Self.most { return nil }
    spots[place, default: Spot(place)].expect(fqdn)
    return place
  }

  private func hear(_ message: AnyMessage) {
    trouble = nil
    let now = control.times.now()
    let sender = message.sender
    let app = (try? message.decode(Named.self))?.app
    for name in app.map({ [$0] }) ?? (message.type == Up.type ? sender.appNames : []) {
      guard let place = expect(sender.fqdn, app: name, environment: sender.environment), var spot = spots[place] else {
        continue
      }
      if message.type == Deployed.type, let deployed = try? message.decode(Deployed.self) {
        spot.take(deployed, from: sender.fqdn, at: now)
      } else if message.type == Running.type, let running = try? message.decode(Running.self) {
        spot.take(running, from: sender.fqdn, at: now)
      } else {
        spot.note(sender.fqdn, at: now)
      }
      spots[place] = spot
    }
    if message.type == Down.type {
      for place in spots.keys where spots[place]?.hosts[sender.fqdn] != nil { spots[place]?.isStale = true }
    }
    bell.ring()
  }

  // MARK: - Asking

  private func refreshIfNeeded(_ spot: Spot) -> Task<Void, Never>? {
    guard let asked = spot.asked else { return begin(spot.place) }
    let age = control.times.now() - asked
    return age > (spot.isStale ? Self.shortest : Self.freshness) ? begin(spot.place) : nil
  }

  private func begin(_ place: Place) -> Task<Void, Never> {
    if let running = refreshing[place] { return running }
    // Ended by the answers' deadline, or by the end of `run`.
    let task = Task {
      await self.ask(place)
      self.refreshing[place] = nil
    }
    refreshing[place] = task
    return task
  }

  private func ask(_ place: Place) async {
    let begun = control.times.now()
    do {
      async let holder = control.holder(of: place)
      let fleet = try await control.fleet(place, wait: wait)
      trouble = nil
      spots[place]?.take(fleet, holder: try await holder, from: begun, at: control.times.now())
      let known = try named[place] ?? store.hosts(of: place)
      spots[place]?.forget(before: begun - Self.memory, except: Set(known))
    } catch {
      spots[place]?.fail("\(error)")
      trouble = "\(error)"
    }
    bell.ring()
  }
}

/// The application that a message is about.
private struct Named: Message {
  static let type = ""
  let app: String?
}
