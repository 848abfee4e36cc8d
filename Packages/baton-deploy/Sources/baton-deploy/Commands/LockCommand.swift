import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl

/// `baton-deploy lock` and `unlock`: whether the hosts take deploys of an application at all.
enum LockCommand {
  private static let reason = Option<String?>.optional(
    "reason", placeholder: "text", help: "Why, for whoever is kept waiting.")

  static let lock = Command(
    "lock", abstract: "Have hosts refuse every deploy of an application until they are unlocked.",
    discussion: OperatorCommands.exitCodes, operands: [OperatorOptions.app],
    options: [reason.spec] + OperatorOptions.specs
  ) { arguments in
    guard let reason = try arguments[reason], !reason.isEmpty else {
      throw UsageError("Missing option '--reason': whoever is kept waiting will want to know.")
    }
    return try ask(arguments, "lock") {
      Lock($0, reason: reason)
    } show: { reply in
      "locked by \(reply.lock.by ?? "somebody") since \(Moment.text(reply.lock.since)): \(reply.lock.reason)"
    }
  }

  static let unlock = Command(
    "unlock", abstract: "Have hosts take deploys of an application again.",
    discussion: OperatorCommands.exitCodes, operands: [OperatorOptions.app], options: OperatorOptions.specs
  ) { arguments in
    try ask(arguments, "unlock") {
      Unlock($0)
    } show: { reply in
      reply.lock.map { "unlocked; it was locked by \($0.by ?? "somebody"): \($0.reason)" } ?? "was not locked"
    }
  }

  private static func ask<R: DeployRequest>(
    _ arguments: Arguments, _ command: String, _ request: @escaping @Sendable (Order) -> R,
    show: @escaping @Sendable (R.Reply) -> String
  ) throws -> ExitCode {
    let place = try OperatorOptions.place(arguments)
    let options = try OperatorOptions(arguments)
    let control = try OperatorOptions.control(arguments, command: command)
    return Supervisor().run {
      do {
        let answers = try await control.ask(place, hosts: options.hosts, wait: options.wait, request)
        var table = Table([.init("HOST"), .init("STATE")])
        for (server, reply) in answers.replies { table.append([server.fqdn, show(reply)]) }
        if !answers.replies.isEmpty { Output.standard.write(table.text) }
        return answers.finish(place)
      } catch {
        return Program.report(error, program: "baton-deploy")
      }
    }
  }
}
