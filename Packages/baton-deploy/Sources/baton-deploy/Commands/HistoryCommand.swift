import BatonCLI
import BatonDeploy
import BatonDeployControl

/// `baton-deploy history`: what was done, from the hosts' own journals.
enum HistoryCommand {
  private static let limit = Option<Int>.value(
    "limit", placeholder: "n", help: "At most so many (default: 20).", default: 20)

  static let command = Command(
    "history", abstract: "Show what was done, put together from the journals of the hosts.",
    discussion: OperatorCommands.exitCodes, operands: [OperatorOptions.app],
    options: [limit.spec, OperatorOptions.json.spec] + OperatorOptions.specs
  ) { arguments in
    let place = try OperatorOptions.place(arguments)
    let options = try OperatorOptions(arguments)
    let limit = try arguments[limit]
    let isJSON = try arguments[OperatorOptions.json]
    let control = try OperatorOptions.control(arguments, command: "history")
    return Supervisor().run {
      do {
        let (history, answers) = try await control.history(
          place, hosts: options.hosts, limit: limit, wait: options.wait)
        if isJSON { Output.standard.writeJSON(history.entries) } else { show(history) }
        return answers.finish(place)
      } catch {
        return Program.report(error, program: "baton-deploy")
      }
    }
  }

  private static func show(_ history: MergedHistory) {
    guard !history.entries.isEmpty else { return }
    var table = Table([
      .init("BEGUN"), .init("TOOK", .right), .init("WHAT"), .init("BY"), .init("OK", .right), .init("FAILED", .right),
      .init("ID"),
    ])
    for entry in history.entries {
      table.append([
        Moment.text(entry.begun), entry.ended.map { Elapsed.text($0 - entry.begun) } ?? "under way",
        entry.version.map { "\(entry.kind.rawValue) \($0)" } ?? entry.kind.rawValue, entry.by ?? "–",
        "\(entry.succeeded.count)", entry.failed.isEmpty ? "" : "\(entry.failed.count)", entry.id,
      ])
    }
    Output.standard.write(table.text)
  }
}
