import AMQP
import Baton
import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// Finds the subcommand and its arguments in a command line.
///
/// The corresponding C function is `getopt_long(3)`: options may stand before and after operands, `--` ends them, and a long option may
/// be shortened as far as it stays unique.
struct CommandParser {
  enum Result {
    case run(Command, path: [String], Arguments)
    case help(Command, path: [String])
    case version
  }

  static let help = OptionSpec(
    name: "help", short: "h", placeholder: nil, help: "Show help information.", repeats: false)
  static let version = OptionSpec(
    name: "version", short: nil, placeholder: nil, help: "Show the version.", repeats: false)

  /// - Parameter words: without the program's own name.
  static func parse(_ words: [String], as command: Command, path: [String] = []) throws(LocatedUsageError) -> Result {
    let path = path + [command.name]
    if !command.subcommands.isEmpty { return try parseFamily(words, of: command, path: path) }
    do {
      let (values, operands) = try scan(words, options: command.options)
      if values[help.name] != nil { return .help(command, path: path) }
      if values[version.name] != nil { return .version }
      try check(operands, of: command)
      return .run(command, path: path, Arguments(operands: operands, values: values))
    } catch {
      throw LocatedUsageError(error, path: path)
    }
  }

  private static func parseFamily(
    _ words: [String], of command: Command, path: [String]
  ) throws(LocatedUsageError) -> Result {
    // Options may stand before the subcommand's name, and their values must not be taken for it.
    let options = allOptions(of: command)
    let position = firstOperand(in: words, options: options)
    if let position, let named = command.subcommands.first(where: { $0.name == words[position] }) {
      var rest = words
      rest.remove(at: position)
      return try parse(rest, as: named, path: path)
    }
    let standard: Command
    do {
      let (values, _) = try scan(Array(words.prefix(position ?? words.count)), options: options)
      if values[help.name] != nil { return .help(command, path: path) }
      if values[version.name] != nil { return .version }
      standard = try defaultSubcommand(of: command, operand: position.map { words[$0] })
    } catch {
      throw LocatedUsageError(error, path: path)
    }
    return try parse(words, as: standard, path: path)
  }

  /// The subcommand that runs when `operand`, if there is one, is not the name of any.
  private static func defaultSubcommand(of command: Command, operand: String?) throws(UsageError) -> Command {
    let names = command.subcommands.map(\.name)
    let standard = command.subcommands.first { $0.name == command.defaultSubcommand }
    if let operand, standard?.operands.isEmpty ?? true {
      throw UsageError("Unknown subcommand '\(operand.escapingControlCharacters)'.\(suggestion(operand, names))")
    }
    guard let standard else { throw UsageError("Missing subcommand: one of \(names.joined(separator: ", ")).") }
    return standard
  }

  private static func check(_ operands: [String], of command: Command) throws(UsageError) {
    let needed = command.operands.filter { !$0.isOptional }
    if operands.count < needed.count {
      throw UsageError("Missing expected argument '<\(needed[operands.count].name)>'.")
    }
    if operands.count > command.operands.count, command.operands.last?.repeats != true {
      throw UsageError("Unexpected argument '\(operands[command.operands.count].escapingControlCharacters)'.")
    }
  }

  static func suggestion(_ word: String, _ candidates: [String]) -> String {
    let near = candidates.min { $0.distance(to: word) < $1.distance(to: word) }
    guard let near, near.distance(to: word) <= max(1, near.count / 3) else { return "" }
    return " Did you mean '\(near)'?"
  }

  // MARK: - getopt_long

  /// Those of a command and of all below it, each name once.
  private static func allOptions(of command: Command) -> [OptionSpec] {
    command.subcommands.map(allOptions).reduce(command.options) { known, more in
      known + more.filter { option in !known.contains { $0.name == option.name } }
    }
  }

  /// Where the first word stands that is neither an option nor an option's value.
  private static func firstOperand(in words: [String], options: [OptionSpec]) -> Int? {
    var position = 0
    while position < words.count {
      let word = words[position]
      guard word.hasPrefix("-"), word != "-" else { return position }
      if word == "--" { return position + 1 < words.count ? position + 1 : nil }
      position += takesNextWord(word, options + [help, version]) ? 2 : 1
    }
    return nil
  }

  /// Whether the value of an option, or of the last of several letters, is the word behind it.
  private static func takesNextWord(_ word: String, _ options: [OptionSpec]) -> Bool {
    if word.hasPrefix("--") {
      let name = word.dropFirst(2)
      let meant = options.filter { $0.name == name }
      let candidates = meant.isEmpty ? options.filter { $0.name.hasPrefix(name) } : meant
      return !candidates.isEmpty && candidates.allSatisfy { $0.placeholder != nil }
    }
    // A letter that takes a value takes the rest of its word; only if there is none, the next word.
    let takesValue = { letter in options.contains { $0.short == letter && $0.placeholder != nil } }
    return word.dropFirst().firstIndex(where: takesValue) == word.index(before: word.endIndex)
  }

  /// getopt's state is the process's: two who parse at once, as tests do, would read each other's words.
  private static let turn = Locked(())

  private static func scan(
    _ words: [String], options: [OptionSpec]
  ) throws(UsageError) -> (values: [String: [String]], operands: [String]) {
    try turn.withLock { _ in
      Swift.Result { () throws(UsageError) in try scanAlone(words, options: options) }
    }.get()
  }

  private static func scanAlone(
    _ words: [String], options: [OptionSpec]
  ) throws(UsageError) -> (values: [String: [String]], operands: [String]) {
    let specs = options + [help, version]
    var arguments = (["baton"] + words).map { strdup($0) } + [nil]
    let names = specs.map { strdup($0.name) }
    defer {
      for argument in arguments { free(argument) }
      for name in names { free(name) }
    }
    let firstCode: Int32 = 1000
    var table = zip(specs, names).enumerated().map { index, spec in
      CSystem.option(
        name: spec.1, has_arg: spec.0.placeholder == nil ? no_argument : required_argument, flag: nil,
        val: firstCode + Int32(index))
    }
    table.append(CSystem.option(name: nil, has_arg: 0, flag: nil, val: 0))
    // The colon in front: a missing value is told apart from an unknown option, and nothing is printed.
    let shorts =
      ":" + specs.compactMap { spec in spec.short.map { "\($0)\(spec.placeholder == nil ? "" : ":")" } }.joined()

    var values: [String: [String]] = [:]
    csystem_reset_getopt()
    while true {
      let code = getopt_long(Int32(words.count + 1), &arguments, shorts, table, nil)
      if code == -1 { break }
      let spec: OptionSpec?
      if code >= firstCode {
        spec = specs[Int(code - firstCode)]
      } else {
        spec = specs.first { $0.short.map { Int32($0.asciiValue ?? 0) } == code }
      }
      guard let spec, code != Int32(UInt8(ascii: "?")), code != Int32(UInt8(ascii: ":")) else {
        throw mistake(code, arguments, specs)
      }
      values[spec.name, default: []].append(
        spec.placeholder == nil ? "" : csystem_optarg().map { String(cString: $0) } ?? "")
    }
    let operands = arguments[Int(csystem_optind())..<(words.count + 1)].compactMap { $0.map { String(cString: $0) } }
    return (values, operands)
  }

  private static func mistake(
    _ code: Int32, _ arguments: [UnsafeMutablePointer<CChar>?], _ specs: [OptionSpec]
  ) -> UsageError {
    // For a long option getopt leaves its word just before optind; for a short one its letter in optopt.
    let isLong = csystem_optopt() == 0 || csystem_optopt() >= 1000
    let word =
      isLong
      ? arguments[max(0, Int(csystem_optind()) - 1)].map { String(cString: $0) } ?? ""
      : "-\(Character(Unicode.Scalar(UInt8(truncatingIfNeeded: csystem_optopt()))))"
    let shown = word.escapingControlCharacters
    if code == Int32(UInt8(ascii: ":")) { return UsageError("Missing value for '\(shown)'.") }
    let name = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
    if word.contains("="), specs.contains(where: { $0.name == name }) {
      return UsageError("'--\(name)' takes no value.")
    }
    let rivals = isLong ? specs.filter { $0.name.hasPrefix(name) } : []
    if rivals.count > 1 {
      return UsageError("'\(shown)' could be \(rivals.map { "'--\($0.name)'" }.joined(separator: " or ")).")
    }
    let hint = suggestion(name, specs.map(\.name)).replacing("mean '", with: "mean '--")
    return UsageError("Unknown option '\(shown)'.\(isLong ? hint : "")")
  }
}

/// A usage error, with the command that it was meant for.
struct LocatedUsageError: Error {
  let error: UsageError
  let path: [String]

  init(_ error: UsageError, path: [String]) {
    self.error = error
    self.path = path
  }
}
