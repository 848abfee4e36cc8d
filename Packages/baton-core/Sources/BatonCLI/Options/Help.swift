/// The help of a command, in the layout of Swift's ArgumentParser.
struct Help {
  let command: Command
  let path: [String]

  var text: String {
    var parts = ["OVERVIEW: \(command.abstract)"]
    parts.append("USAGE: \(usage)")
    let shown = command.subcommands.first { $0.name == command.defaultSubcommand } ?? command
    parts += section("ARGUMENTS", shown.operands.map { ("<\($0.name)>", $0.help) })
    parts += section(
      "OPTIONS", (shown.options + [CommandParser.version, CommandParser.help]).map { (Self.form(of: $0), $0.help) })
    let subcommands = command.subcommands.map { sub in
      (sub.name + (sub.name == command.defaultSubcommand ? " (default)" : ""), sub.abstract)
    }
    parts += section("SUBCOMMANDS", subcommands)
    if !subcommands.isEmpty {
      parts.append("  See '\(path.joined(separator: " ")) <subcommand> --help' for detailed help.")
    }
    if !command.discussion.isEmpty { parts.append(command.discussion) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var usage: String {
    if !command.subcommands.isEmpty {
      return path.joined(separator: " ") + (command.defaultSubcommand == nil ? " <subcommand>" : " [<subcommand>]")
    }
    let operands = command.operands.map { operand in
      let word = "<\(operand.name)>\(operand.repeats ? " ..." : "")"
      return operand.isOptional ? "[\(word)]" : word
    }
    let options = command.options.map { spec in
      "[--\(spec.name)\(spec.placeholder.map { " <\($0)>" } ?? "")]\(spec.repeats ? " ..." : "")"
    }
    return (path + operands + options).joined(separator: " ")
  }

  /// `-c, --config-file <path>`
  private static func form(of spec: OptionSpec) -> String {
    (spec.short.map { "-\($0), " } ?? "") + "--\(spec.name)" + (spec.placeholder.map { " <\($0)>" } ?? "")
  }

  /// A heading and its rows, the right column broken at words to 80 columns; nothing if there is no row.
  private func section(_ heading: String, _ rows: [(String, String)]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let column = 26
    let lines = rows.map { left, right in
      let head = "  \(left)"
      let body = Self.wrap(right, width: 80 - column).joined(separator: "\n" + String(repeating: " ", count: column))
      return head.count + 1 < column
        ? head + String(repeating: " ", count: column - head.count) + body
        : "\(head)\n\(String(repeating: " ", count: column))\(body)"
    }
    return ["\(heading):\n" + lines.joined(separator: "\n")]
  }

  private static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [line]
  }
}
