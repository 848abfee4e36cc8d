/// A command or subcommand as a value: its words for parsing, help and manual pages, and what it does.
public struct Command: Sendable {
  /// A word without dashes that the command takes.
  public struct Operand: Sendable, Hashable {
    public let name: String
    public let help: String
    public let isOptional: Bool
    public let repeats: Bool

    public init(_ name: String, help: String, isOptional: Bool = false, repeats: Bool = false) {
      self.name = name
      self.help = help
      self.isOptional = isOptional
      self.repeats = repeats
    }
  }

  public let name: String
  /// One sentence.
  public let abstract: String
  /// Paragraphs below the options; may be empty.
  public let discussion: String
  public let operands: [Operand]
  public let options: [OptionSpec]
  public let subcommands: [Command]
  /// Runs when no subcommand is named; its options are then the command's own.
  public let defaultSubcommand: String?
  let run: (@Sendable (Arguments) throws -> ExitCode)?

  /// A command that does something. It is synchronous because a daemon must fork before the first task.
  public init(
    _ name: String, abstract: String, discussion: String = "", operands: [Operand] = [], options: [OptionSpec] = [],
    run: @escaping @Sendable (Arguments) throws -> ExitCode
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.operands = operands
    self.options = options
    subcommands = []
    defaultSubcommand = nil
    self.run = run
  }

  /// A command that is a family of others.
  public init(
    _ name: String, abstract: String, discussion: String = "", subcommands: [Command], default standard: String? = nil
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    operands = []
    options = []
    self.subcommands = subcommands
    defaultSubcommand = standard
    run = nil
  }
}

/// A command line that cannot be understood; programs exit with 64.
public struct UsageError: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// What a command line gave, asked for by the same values that described it.
public struct Arguments: Sendable {
  /// The words without dashes.
  public let operands: [String]
  let values: [String: [String]]

  public subscript<Value>(option: Option<Value>) -> Value {
    get throws(UsageError) { try option.read(values[option.spec.name] ?? []) }
  }
}
