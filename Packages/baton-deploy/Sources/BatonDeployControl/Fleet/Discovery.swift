public import Baton
import BatonDeploy

extension DeployControl {
  /// Who deploys what in some environments: each host with its applications.
  public func discover(_ environments: [String], wait: Duration = .seconds(2)) async throws -> [Server] {
    var servers: [Server] = []
    for try await answer in api.ask(Apps(), of: environments.map { Target($0) }, until: Ending(deadline: wait)) {
      guard case .reply(let list) = answer.outcome else { continue }
      var server = answer.sender
      server.appNames = list.apps
      servers.append(server)
    }
    return servers
  }
}
