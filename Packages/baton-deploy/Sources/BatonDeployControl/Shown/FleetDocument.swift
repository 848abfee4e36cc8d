import Baton
import BatonDeploy

/// What runs where, as programs read it.
public struct FleetDocument: Encodable, Sendable {
  struct Host: Encodable, Sendable {
    let fqdn: String
    let drifts: Bool
    let running: Running
  }

  struct Version: Encodable, Sendable {
    let version: String?
    let count: Int
  }

  let app: String
  let environment: String
  let versions: [Version]
  let hosts: [Host]
  let missing: [String]

  public init(_ fleet: Fleet) {
    let drifting = Set(fleet.drifting)
    app = fleet.place.app
    environment = fleet.place.environment
    versions = fleet.versions.map { Version(version: $0.version, count: $0.hosts.count) }
    hosts = fleet.hosts.map { Host(fqdn: $0.server.fqdn, drifts: drifting.contains($0), running: $0.running) }
    missing = fleet.gathered.missing
  }
}
