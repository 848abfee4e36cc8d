package import Baton
import BatonDeploy

/// What a host of the tests does when it is told something.
package enum Behaviour: Sendable {
  case succeeds
  case fails
  /// Says that it is at it, and nothing more.
  case hangs
  /// Says nothing at all.
  case mute
}

/// A deploying service that deploys nothing: it remembers what it was told, and behaves as it is set to.
package actor FakeHost {
  package struct Told: Hashable, Sendable {
    package let type: String
    package let id: String?
    package let version: String?

    package init(type: String, id: String?, version: String?) {
      self.type = type
      self.id = id
      self.version = version
    }
  }

  package private(set) var told: [Told] = []
  package private(set) var version: String?
  private var behaviour: Behaviour
  private var results: [String: Deployed] = [:]

  package init(_ behaviour: Behaviour = .succeeds, version: String? = "1") {
    self.behaviour = behaviour
    self.version = version
  }

  package func behave(_ behaviour: Behaviour) { self.behaviour = behaviour }

  func running(_ order: Order) -> Running {
    let version = version.map { #","version":"\#($0)""# } ?? ""
    return decoded(#"{"app":"shop","health":"healthy"\#(version)}"#)
  }

  func history(_ order: Order) -> HistoryList {
    decoded(
      #"""
      {"app":"shop","acts":[{"id":"a1","kind":"deploy","version":"1","begun":1000,"ended":2000,"step":"health",
      "outcome":"success"}]}
      """#)
  }

  func act(_ type: String, _ order: Order, _ version: String?, in context: Context) async {
    let id = order.id ?? ""
    told.append(Told(type: type, id: id, version: version))
    if let result = results[id] { return context.say(result) }
    switch behaviour {
    case .mute: return
    case .hangs:
      context.say(Progress.sample(1, .fetch, id: id))
    case .fails:
      context.say(Progress.sample(1, .health, id: id))
      var failure = NotDeployed(.failed, "it does not answer")
      failure.id = id
      failure.step = .health
      context.say(failure)
    case .succeeds:
      context.say(Progress.sample(1, .fetch, id: id))
      let result = Deployed.sample(version ?? "1", previous: self.version, id: id)
      results[id] = result
      self.version = version ?? self.version
      context.say(result)
    }
  }
}

/// The service of a ``FakeHost``.
package struct FakeDeployService: Service {
  package let name = "baton_deploy"
  let hosts: [String: FakeHost]

  package init() { hosts = [:] }
  package init(_ hosts: [String: FakeHost]) { self.hosts = hosts }

  package func consumers(on server: Server) -> [any Consumer] {
    hosts[server.fqdn].map { [FakeDeployConsumer(host: $0)] } ?? []
  }
}

struct FakeDeployConsumer: Consumer {
  let host: FakeHost

  func routingKeys(on server: Server) -> [String] { ["shop.\(server.environment)", server.environment] }

  var handlers: [Handler] {
    [
      .on(Apps.self) { _, _ in decoded(#"{"apps":["shop"]}"#) },
      .on(Current.self) { [host] request, _ in await host.running(request.order) },
      .on(History.self) { [host] request, _ in await host.history(request.order) },
      act(Deploy.self) { $0.version },
      act(Rollback.self) { $0.version ?? "0" },
      act(Restart.self) { _ in nil },
    ]
  }

  private func act<R: DeployRequest>(_ type: R.Type, version: @escaping @Sendable (R) -> String?) -> Handler {
    .accepting(type) { [host] request, context in
      await host.act(R.type, request.order, version(request), in: context)
    }
  }
}
