public import Baton

/// The agent's service: listens for each application of the host, and has a ``Desk`` do what is asked.
public struct DeployService: Service {
  public let name = "baton_deploy"
  private let consumer: DeployConsumer?

  /// Listens to nothing: which applications there are is told by the configuration.
  public init() { consumer = nil }

  public init(_ configuration: DeployConfiguration, desk: Desk) {
    consumer = DeployConsumer(apps: configuration.apps.map(\.name), desk: desk)
  }

  public func consumers(on server: Server) -> [any Consumer] { consumer.map { [$0] } ?? [] }
}

struct DeployConsumer: Consumer {
  let apps: [String]
  let desk: Desk

  /// `<app>.<environment>`; as it is written, and in lower case, as some requesters write it. And the environment, for who wants to know
  /// which applications there are.
  func routingKeys(on server: Server) -> [String] {
    apps.flatMap { app in
      let key = "\(app).\(server.environment)"
      return key == key.lowercased() ? [key] : [key, key.lowercased()]
    } + [server.environment]
  }

  var handlers: [Handler] {
    [
      .on(Apps.self, answer: desk.list), .accepting(Deploy.self, desk.deploy), .accepting(Rollback.self, desk.rollBack),
      .accepting(Restart.self, desk.restart), .on(Cancel.self, answer: desk.cancel),
      .on(Current.self, answer: desk.current), .on(Releases.self, answer: desk.releases),
      .on(History.self, answer: desk.history), .on(Lock.self, answer: desk.lock), .on(Unlock.self, answer: desk.unlock),
    ]
  }

  func begin(with voice: Voice) async { await desk.begin(with: voice) }

  func confirmed(_ id: String) { desk.confirmed(id) }
}
