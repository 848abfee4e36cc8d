import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl

/// `baton-deploy deploy`, `rollback` and `restart`: one act on many hosts, in order and with care.
enum RolloutCommand {
  private static let sha256 = Option<String?>.optional(
    "sha256", placeholder: "digits", help: "The artifact's SHA-256; otherwise the checksum beside it counts.")

  static let deploy = command(
    "deploy", abstract: "Put a version of an application to work on the hosts of an environment.",
    operands: [.init("version", help: "The version.", isOptional: true)], options: [sha256.spec]
  ) { arguments in
    guard arguments.operands.count == 2 else { throw UsageError("Missing expected argument '<version>'.") }
    let version = try [arguments.operands[1]].checked(as: Names.version)[0]
    return .deploy(version: version, sha256: try arguments[sha256])
  }

  static let rollback = command(
    "rollback", abstract: "Have hosts go back to an earlier release, which they still have.",
    operands: [.init("version", help: "The release; otherwise the last good one before the current.", isOptional: true)]
  ) { arguments in
    .rollback(to: try arguments.operands.dropFirst().map(\.self).checked(as: Names.version).first)
  }

  static let restart = command("restart", abstract: "Have hosts start an application anew.") { _ in .restart }

  private static func command(
    _ name: String, abstract: String, operands: [Command.Operand] = [], options: [OptionSpec] = [],
    act: @escaping @Sendable (Arguments) throws -> DeployAct
  ) -> Command {
    Command(
      name, abstract: abstract,
      discussion: """
        The hosts are asked first what they run, and shown. On a terminal it asks whether to begin; elsewhere it wants --yes.
        Ctrl-C lets no other host begin; a second one leaves at once. Hosts that have been told go on by themselves.

        \(OperatorCommands.exitCodes)
        """,
      operands: [.init("app", help: "The application.", isOptional: true)] + operands,
      options: options + RolloutOptions.specs
    ) { arguments in
      let options = try RolloutOptions(arguments)
      let store = try Operator.store()
      let control = try OperatorOptions.control(arguments, command: name)
      if let id = options.resumes {
        let rollout = try resumed(id, store)
        return run(options) { control.resume(rollout, in: store, until: $0) }
      }
      let place = try OperatorOptions.place(arguments)
      let who = try OperatorOptions(arguments)
      let act = try act(arguments)
      return run(options) { stop in
        control.begin(try await planned(act, place, who, options, control, store), in: store, until: stop)
      }
    }
  }

  /// Prepares a rollout, and shows it to its end.
  private static func run(
    _ options: RolloutOptions, _ begin: @escaping @Sendable (StopSignal) async throws -> RolloutEvents
  ) -> ExitCode {
    let stop = StopSignal()
    // Requested when it begins: before that there is nothing to stop.
    let hasBegun = StopSignal()
    return Supervisor().run {
      guard hasBegun.isRequested else {
        Output.error.writeLine("")
        ExitCode.interrupted.leave()
      }
      stop.request()
    } body: {
      do {
        let events = try await begin(stop)
        hasBegun.request()
        let view = view(options)
        var rollout: Rollout?
        for try await event in events {
          rollout = event.rollout
          await view.show(event)
        }
        guard let rollout else { return .interrupted }
        return await view.finish(rollout)
      } catch {
        return report(error)
      }
    }
  }

  private static func view(_ options: RolloutOptions) -> any RolloutView {
    if options.isJSON { return JSONView() }
    return Output.standard.isTerminal ? LiveView() : PlainView()
  }

  /// Asks the hosts, shows them, and has the person confirm.
  private static func planned(
    _ act: DeployAct, _ place: Place, _ who: OperatorOptions, _ options: RolloutOptions, _ control: DeployControl,
    _ store: RolloutStore
  ) async throws -> Rollout {
    let fleet = try await control.fleet(place, hosts: who.hosts, wait: who.wait)
    let plan = RolloutPlan(id: control.newID(), act: act, place: place, by: control.by)
    let rollout = Rollout(
      plan, options.policy, hosts: fleet.hosts.map { RolloutHost(fqdn: $0.server.fqdn, before: $0.running.version) },
      skipped: fleet.gathered.missing)
    PlanView(fleet: fleet, rollout: rollout).show(asJSON: options.isJSON && options.isOnlyPlan)
    if who.hosts.isEmpty { showAbsent(fleet, try store.hosts(of: place)) }
    let code = fleet.gathered.finish(place)
    if code != .success, !(code == .missing && options.skipsOffline && !fleet.hosts.isEmpty) {
      if code == .missing, !fleet.gathered.missing.isEmpty {
        Output.error.writeLine("Nothing was done; --skip-offline goes on without them.")
      }
      throw code
    }
    if options.isOnlyPlan { throw ExitCode.success }
    try Confirmation.ask("\(act.inWords) on \(PlanView.count(rollout.hosts.count)) of \(place)?", options.isConfirmed)
    return rollout
  }

  /// Where no host is named nobody knows how many there are: those that took part before and have not answered are named.
  private static func showAbsent(_ fleet: Fleet, _ known: [String]) {
    let heard = fleet.hosts.map(\.server.fqdn) + fleet.gathered.failures.map(\.server.fqdn)
    for host in Set(known).subtracting(heard).sorted() {
      Output.error.writeLine(
        "\(host) took part before, has not answered in time, and is left out; a longer --wait may help, or --host \(host)"
      )
    }
  }

  /// The rollout of an id, if it can be gone on with.
  private static func resumed(_ id: String, _ store: RolloutStore) throws -> Rollout {
    guard let rollout = try store.rollout(id) else {
      throw UsageError("There is no rollout '\(id.escapingControlCharacters)' that was begun from here.")
    }
    guard rollout.state != .ended else {
      throw UsageError("The rollout '\(id)' has ended; there is nothing to go on with.")
    }
    return rollout
  }

  private static func report(_ error: any Error) -> ExitCode {
    switch error {
    case is LockHeld:
      Output.error.writeLine("baton-deploy: \(error)".escapingControlCharacters)
      return .temporary
    case is UsageError:
      Output.error.writeLine("Error: \(error)")
      return .usage
    default: return Program.report(error, program: "baton-deploy")
    }
  }
}
