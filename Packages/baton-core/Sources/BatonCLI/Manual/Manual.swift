/// The manual page of a program, in the macros of man(7), from the same tables as its help.
struct Manual {
  let command: Command
  let version: String
  /// The day of the release, `YYYY-MM-DD`; may be empty.
  var date = ""

  private static let exitStatus: [(code: Int32, meaning: String)] = [
    (ExitCode.success.rawValue, "All who were asked answered, and all is well."),
    (ExitCode.failure.rawValue, "Some host answered with a failure."),
    (ExitCode.nobody.rawValue, "Nobody is listening under that key."),
    (ExitCode.missing.rawValue, "A host that was expected is not connected, or silent."),
    (ExitCode.usage.rawValue, "The command line cannot be understood."),
    (ExitCode.unavailable.rawValue, "The broker cannot be reached."),
    (ExitCode.system.rawValue, "Something in the system failed."),
    (ExitCode.cannotCreate.rawValue, "The service is running already, or a file cannot be made."),
    (ExitCode.temporary.rawValue, "The broker takes no messages for now; try again."),
    (ExitCode.denied.rawValue, "The broker refused the user, or the act."),
    (ExitCode.configuration.rawValue, "The configuration is wrong; the message says file, line and key."),
    (ExitCode.interrupted.rawValue, "Interrupted by Ctrl-C."),
  ]

  /// - Parameter others: the manual pages to see also.
  func text(seeAlso others: [String]) -> String {
    var lines = [
      #".TH "\#(command.name.uppercased())" 1 "\#(date)" "baton \#(version)" "baton""#,
      ".SH NAME", "\(Self.escaped(command.name)) \\- \(Self.escaped(Self.phrase(command.abstract)))",
      ".SH SYNOPSIS",
    ]
    lines += leaves(of: command, path: [command.name]).map { synopsis(path: $0.path, of: $0.command) }.joined(
      separator: [".br"])
    lines += [".SH DESCRIPTION", Self.escaped(command.abstract)] + discussion(of: command)
    let standard = command.subcommands.first { $0.name == command.defaultSubcommand }
    if let standard { lines.append("Without a command it is \\fB\(Self.escaped(standard.name))\\fR.") }
    for (path, leaf) in leaves(of: command, path: [command.name]) {
      if path.count > 1 {
        lines += [".SH COMMAND \(path.dropFirst().joined(separator: " ").uppercased())", Self.escaped(leaf.abstract)]
      } else {
        lines.append(".SH OPTIONS")
      }
      for operand in leaf.operands { lines += item("\\fI\(Self.escaped(operand.name))\\fR", operand.help) }
      for option in leaf.options + [CommandParser.help] { lines += item(Self.form(of: option), option.help) }
      if path.count > 1 { lines += discussion(of: leaf) }
    }
    lines += [".SH EXIT STATUS"]
    for (code, meaning) in Self.exitStatus { lines += item("\\fB\(code)\\fR", meaning) }
    lines +=
      [".SH FILES"]
      + item(
        "\\fI/etc/\(Self.escaped(command.name))/\(Self.escaped(command.name)).cfg\\fR",
        "The configuration, unless an option names another. 'baton config show' explains each value.")
    lines +=
      [".SH ENVIRONMENT"]
      + item(
        "\\fBBATON_\\fIKEY\\fR", "Goes before the same key of the configuration file, as in BATON_RABBIT_HOST.")
    if !others.isEmpty {
      lines += [".SH SEE ALSO", others.map { "\\fB\(Self.escaped($0))\\fR(1)" }.joined(separator: ",\n")]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What can be run, with the words that lead to it.
  private func leaves(of command: Command, path: [String]) -> [(path: [String], command: Command)] {
    if command.subcommands.isEmpty { return [(path, command)] }
    return command.subcommands.flatMap { leaves(of: $0, path: path + [$0.name]) }
  }

  private func synopsis(path: [String], of leaf: Command) -> [String] {
    let operands = leaf.operands.map { operand in
      let word = "\\fI\(Self.escaped(operand.name))\\fR\(operand.repeats ? " ..." : "")"
      return operand.isOptional ? "[\(word)]" : word
    }
    let words = ["\\fB\(Self.escaped(path.joined(separator: " ")))\\fR"] + operands
    return [(words + (leaf.options.isEmpty ? [] : ["[\\fIoptions\\fR]"])).joined(separator: " ")]
  }

  /// As it stands in the help: its lines are broken where they are.
  private func discussion(of command: Command) -> [String] {
    guard !command.discussion.isEmpty else { return [] }
    return [".PP", ".nf"]
      + command.discussion.split(separator: "\n", omittingEmptySubsequences: false).map { Self.escaped(String($0)) }
      + [".fi"]
  }

  private func item(_ head: String, _ text: String) -> [String] { [".TP", head, Self.escaped(text)] }

  private static func form(of option: OptionSpec) -> String {
    let value = option.placeholder.map { " \\fI\(escaped($0))\\fR" } ?? ""
    return (option.short.map { "\\fB\\-\($0)\\fR, " } ?? "") + "\\fB\\-\\-\(escaped(option.name))\\fR" + value
  }

  /// A sentence as what stands behind a name: without its full stop, and small at the beginning.
  private static func phrase(_ sentence: String) -> String {
    let rest = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    return rest.prefix(1).lowercased() + rest.dropFirst()
  }

  /// A dash that is a minus, and no dot or quote at the head of a line that would be taken for a request.
  private static func escaped(_ text: String) -> String {
    let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }
}
