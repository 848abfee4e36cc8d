import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl

/// `baton-deploy cancel`: stops what hosts are at, and has a paused rollout not be resumed.
enum CancelCommand {
  private static let act = Option<String?>.optional(
    "act", placeholder: "id", help: "Only the rollout of this id; otherwise whatever is under way.")
  private static let wait = Option<Duration>.value(
    "stop-within", placeholder: "time", help: "Wait for hosts to have stopped at most so long (default: 60s).",
    default: .seconds(60))

  static let command = Command(
    "cancel", abstract: "Stop what is under way on the hosts; they go back to what they ran before.",
    discussion: """
      Unless hosts are named, whoever rolls out there is told first, and lets no other host begin.

      \(OperatorCommands.exitCodes)
      """, operands: [OperatorOptions.app],
    options: [act.spec, wait.spec] + OperatorOptions.specs
  ) { arguments in
    let place = try OperatorOptions.place(arguments)
    let options = try OperatorOptions(arguments)
    let act = try arguments[act]
    let limit = try arguments[wait]
    let store = try Operator.store()
    let control = try OperatorOptions.control(arguments, command: "cancel")
    return Supervisor().run {
      do {
        let stopped = options.hosts.isEmpty ? try await stop(act, of: place, control) : false
        let fleet = try await control.fleet(place, hosts: options.hosts, wait: options.wait)
        let busy = fleet.hosts.filter { host in
          host.running.underWay.map { running in act.map { $0 == running.id } ?? true } ?? false
        }
        let closed = try await close(act, of: place, in: store, control)
        guard !busy.isEmpty else {
          if closed.isEmpty, !stopped { Output.error.writeLine("Nothing is under way for \(place).") }
          return fleet.gathered.finish(place)
        }
        let answers = try await control.ask(place, hosts: busy.map(\.server.fqdn), wait: limit) { Cancel($0, act: act) }
        var table = Table([.init("HOST"), .init("ENDED"), .init("RUNS NOW"), .init("ID")])
        for (server, stopped) in answers.replies {
          let end = stopped.outcome == .error ? "stopped" : "was done before"
          table.append([server.fqdn, end, stopped.current ?? "(none)", stopped.act])
        }
        Output.standard.write(table.text)
        return answers.finish(place)
      } catch {
        return Program.report(error, program: "baton-deploy")
      }
    }
  }

  /// Has whoever drives the rollout let no other host begin; says whether somebody does.
  private static func stop(_ act: String?, of place: Place, _ control: DeployControl) async throws -> Bool {
    guard let holder = try await control.stop(place, id: act), act.map({ $0 == holder.id }) ?? true else {
      return false
    }
    Output.error.writeLine(
      "\(holder.by), who rolls out \(holder.act) (\(holder.id)), lets no other host begin.".escapingControlCharacters)
    return true
  }

  /// Ends the rollouts that are known here, so that nobody resumes them; not one that somebody is driving.
  private static func close(
    _ act: String?, of place: Place, in store: RolloutStore, _ control: DeployControl
  ) async throws -> [String] {
    let driven = try await control.holder(of: place)?.id
    let ids = try store.open(place).filter { id in id != driven && act.map { $0 == id } ?? true }
    for id in ids {
      guard let rollout = try store.rollout(id) else { continue }
      var closed = rollout
      closed.close()
      try store.update(closed, since: rollout)
      Output.error.writeLine("The rollout \(id) will not be resumed.")
    }
    return ids
  }
}
