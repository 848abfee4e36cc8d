import Baton
import BatonCLI
import BatonPingMonitor

/// `baton-ping-monitor hosts`: who is there, as the monitor knows it.
enum HostsCommand {
  static let command = Command(
    "hosts", abstract: "Show the hosts that the monitor knows.", options: [Look.json.spec] + CommonOptions.specs
  ) { arguments in
    let hosts = try Look.state(arguments).hosts()
    guard try !arguments[Look.json] else {
      try Look.write(hosts.map(View.init))
      return .success
    }
    var table = Table([
      .init("HOST"), .init("ENVIRONMENT"), .init("CONDITION"), .init("LAST HEARD"), .init("TIME", .right),
      .init("VERSION"), .init("APPLICATIONS"),
    ])
    for host in hosts {
      table.append([
        host.server.fqdn, host.server.environment, host.condition.rawValue, host.lastSeen.text,
        host.roundTrip.map { "\(($0 * 10).rounded() / 10) ms" } ?? "–", host.version ?? "–",
        host.server.appNames.joined(separator: " "),
      ])
    }
    Output.standard.write(table.text)
    return .success
  }

  private struct View: Encodable {
    let environment: String
    let fqdn: String
    let appNames: [String]
    let condition: String
    let firstSeen: String
    let lastSeen: String
    let roundTrip: Double?
    let version: String?

    init(_ host: Host) {
      environment = host.server.environment
      fqdn = host.server.fqdn
      appNames = host.server.appNames
      condition = host.condition.rawValue
      firstSeen = host.firstSeen.text
      lastSeen = host.lastSeen.text
      roundTrip = host.roundTrip
      version = host.version
    }

    enum CodingKeys: String, CodingKey {
      case environment, fqdn, condition, version
      case appNames = "app_names"
      case firstSeen = "first_seen"
      case lastSeen = "last_seen"
      case roundTrip = "round_trip_ms"
    }
  }
}
