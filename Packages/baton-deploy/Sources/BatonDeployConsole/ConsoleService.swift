public import Baton
public import BatonDeployControl
import BatonHTTPServer

/// The web console: what runs where, and what is done about it, for people with a browser and for programs.
///
/// It talks to the fleet as the commands do, and keeps what it needs to go on in one folder.
public struct ConsoleService: Sendable {
  /// What it knows in its configuration beside the keys of every program.
  public static let keys = ConsoleSettings.keys + PeopleSettings.keys

  public let settings: ConsoleSettings
  private let people: PeopleSettings

  /// Throws `ConfigurationError` with file, line and key.
  ///
  /// - Parameter listen: goes before `WEB_LISTEN`.
  public init(_ settings: Settings, listen: String? = nil) throws(ConfigurationError) {
    self.settings = try ConsoleSettings(settings, listen: listen)
    people = try PeopleSettings(settings, state: self.settings.state)
  }

  /// What a person should know of the configuration, though it stops nothing.
  public var warnings: [String] { people.warnings }

  /// Serves until the stop is requested; throws if it cannot begin. Rollouts at work then stay as they are, and are gone on with by the
  /// next one.
  ///
  /// - Parameter renewals: consoles as later configurations would have made them: this one goes on with their people and roles.
  public func run(
    _ control: DeployControl, logger: Logger, until stop: StopSignal, renewals: AsyncStream<ConsoleService>
  ) async throws {
    try StateFolder.make(settings.state)
    let audit = ConsoleAudit(people.audit, now: control.times.now, logger: logger)
    let store = try RolloutStore("\(settings.state)/rollouts.sqlite")
    let named = Dictionary(uniqueKeysWithValues: settings.places.map { ($0.place, $0.hosts) })
    let sources = settings.places.compactMap { place in place.versions.map { (place.place, $0) } }
    let overview = Overview(control, store, named: named, environments: settings.environments, logger: logger)
    let desk = RolloutDesk(store, control, logger: logger) { await overview.refresh($0) }
    let console = Console(
      overview: overview, desk: desk,
      versions: Versions(Dictionary(uniqueKeysWithValues: sources), store, control.times),
      confirmed: settings.confirmed, secondPerson: settings.secondPerson, control: control, wait: .seconds(2),
      audit: audit)
    let door = try Doorkeeper(people, state: settings.state, audit: audit, times: control.times, logger: logger)
    let gate = Gate(door: door, logger: logger)
    let server = try listen(
      PageRoutes(console: console, gate: gate).routes + APIRoutes(console: console, gate: gate).routes
        + LoginRoutes(door: door).routes + Self.assets)
    defer { server.stop() }
    logger.info("Console open", ["at": "\(settings.listen.bound(to: server.port))"])
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await overview.run() }
      group.addTask { for await renewed in renewals { await door.reconfigure(renewed.people) } }
      group.addTask { await desk.takeUp() }
      group.addTask {
        // Wakes those who look, so that no connection is silent for long, and one that is gone is noticed.
        while true {
          try await control.times.clock.sleep(for: .seconds(15))
          await overview.ring()
          await desk.ringAll()
        }
      }
      try await stop.wait()
      server.stop()
      await desk.close()
      group.cancelAll()
    }
  }

  private func listen(_ routes: [HTTPRoute]) throws -> HTTPServer {
    switch settings.listen {
    case .port(let host, let port): try HTTPServer(host: host, port: port, routes: routes)
    case .socket(let path): try HTTPServer(path: path, routes: routes)
    }
  }

  private static var assets: [HTTPRoute] {
    Asset.all.map { asset in HTTPRoute("GET", asset.path) { _ in asset.response } } + [
      HTTPRoute("GET", "/healthz") { _ in HTTPResponse("ok\n") }
    ]
  }
}

extension ConsoleSettings.Listen {
  /// With the port that the system chose, where it was to.
  func bound(to port: Int) -> ConsoleSettings.Listen {
    if case .port(let host, 0) = self { .port(host: host, port) } else { self }
  }
}
