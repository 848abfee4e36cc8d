import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl

/// `baton-deploy status`: which versions run, on how many hosts, and who drifts.
enum StatusCommand {
  private static let to = Option<[String]>.list(
    "to", placeholder: "environment", help: "This environment; may be given again for more.")

  static let command = Command(
    "status", abstract: "Show which versions run where, and which hosts differ from the others.",
    discussion: """
      Without an application and an environment it looks where rollouts were begun from here.

      \(OperatorCommands.exitCodes)
      """,
    operands: [.init("app", help: "The applications.", isOptional: true, repeats: true)],
    options: [
      to.spec, OperatorOptions.hosts.spec, OperatorOptions.hostsFile.spec, OperatorOptions.wait.spec,
      OperatorOptions.json.spec,
    ] + CommonOptions.specs
  ) { arguments in
    let options = try OperatorOptions(arguments)
    let isJSON = try arguments[OperatorOptions.json]
    let places = try places(arguments)
    let control = try OperatorOptions.control(arguments, command: "status")
    return Supervisor().run {
      do {
        let fleets = try await fleets(of: places, control, options)
        if isJSON {
          Output.standard.writeJSON(fleets.map(\.fleet).map(FleetDocument.init))
        } else {
          show(fleets.map(\.fleet))
        }
        return fleets.map { $0.code }.worst
      } catch {
        return Program.report(error, program: "baton-deploy")
      }
    }
  }

  private static func places(_ arguments: Arguments) throws -> [Place] {
    let apps = try arguments.operands.checked(as: Names.app)
    let environments = try arguments[to].checked(as: Names.environment)
    if !apps.isEmpty, !environments.isEmpty {
      return apps.flatMap { app in environments.map { Place(app: app, environment: $0) } }
    }
    let known = try Operator.store().places().filter { place in
      (apps.isEmpty || apps.contains(place.app))
        && (environments.isEmpty || environments.contains(place.environment))
    }
    guard !known.isEmpty else {
      throw UsageError("Nothing of that was rolled out from here: name an application, and an environment with '--to'.")
    }
    return known
  }

  /// All at once, in the order of the places.
  private static func fleets(
    of places: [Place], _ control: DeployControl, _ options: OperatorOptions
  ) async throws -> [(fleet: Fleet, code: ExitCode)] {
    try await withThrowingTaskGroup(of: (Int, Fleet).self) { group in
      for (index, place) in places.enumerated() {
        group.addTask { (index, try await control.fleet(place, hosts: options.hosts, wait: options.wait)) }
      }
      var fleets: [(Int, Fleet)] = []
      for try await fleet in group { fleets.append(fleet) }
      return fleets.sorted { $0.0 < $1.0 }.map { ($0.1, $0.1.gathered.finish($0.1.place)) }
    }
  }

  private static func show(_ fleets: [Fleet]) {
    let style = Style(for: .standard)
    var table = Table([
      .init("APPLICATION"), .init("ENVIRONMENT"), .init("VERSION"), .init("HOSTS", .right), .init("NOT WELL", .right),
    ])
    for fleet in fleets {
      for (version, hosts) in fleet.versions {
        let unwell = hosts.count { $0.running.health == .unhealthy }
        table.append([
          fleet.place.app, fleet.place.environment, version ?? "(none)", "\(hosts.count)",
          unwell == 0 ? "" : "\(unwell)",
        ])
      }
    }
    if fleets.contains(where: { !$0.hosts.isEmpty }) { Output.standard.write(table.text) }
    for fleet in fleets { showRemarkable(fleet, style) }
  }

  /// The hosts that there is something to say of.
  private static func showRemarkable(_ fleet: Fleet, _ style: Style) {
    let drifting = Set(fleet.drifting)
    let remarks = fleet.hosts.map { host in
      (host: host, remark: ((drifting.contains(host) ? ["drifts"] : []) + host.remarks).joined(separator: ", "))
    }.filter { !$0.remark.isEmpty }
    guard !remarks.isEmpty else { return }
    var table = Table([.init("HOST"), .init("VERSION"), .init("SINCE"), .init("BY"), .init("REMARK")])
    for (host, remark) in remarks {
      table.append([
        host.server.fqdn, host.running.version ?? "(none)", host.running.since.map(Moment.text) ?? "–",
        host.running.by ?? "–", remark,
      ])
    }
    Output.standard.write("\n" + style.bold("\(fleet.place)") + "\n" + table.text)
  }
}
