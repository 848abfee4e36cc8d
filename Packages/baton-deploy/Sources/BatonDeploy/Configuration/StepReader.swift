import Baton
import BatonProcess

/// Reads the programs that are run as steps.
struct StepReader {
  /// Unless the step says another.
  let user: User?
  let environment: [String: String]
  /// What is put in already when the configuration is read.
  let placeholders: [String: String]

  /// `restart: [systemctl, restart, shop]`, or a mapping with `run`.
  func program(_ settings: Settings, _ key: String) throws(ConfigurationError) -> StepProgram? {
    guard let own = try settings.element(key, shorthand: "run") else { return nil }
    try own.checkKeys(["run", "user", "folder", "timeout", "env"])
    return try program(own)
  }

  /// A list of such.
  func programs(_ settings: Settings, _ key: String) throws(ConfigurationError) -> [StepProgram] {
    var programs: [StepProgram] = []
    for own in try settings.elements(key, shorthand: "run") ?? [] {
      try own.checkKeys(["run", "user", "folder", "timeout", "env"])
      programs.append(try program(own))
    }
    return programs
  }

  /// The mapping itself.
  func program(_ own: Settings) throws(ConfigurationError) -> StepProgram {
    guard let words = try own.words("run"), let first = words.first, !first.isEmpty else {
      throw own.error("run", is: "missing", wants: "a list of words, such as [systemctl, restart, shop]")
    }
    let templates = words.map { Template(text: Template(text: $0).filled(placeholders)) }
    for template in templates { try checkPlaceholders(template, ["version", "release"], own, "run") }
    var program = StepProgram(words: templates)
    program.user = try Self.user(own) ?? user
    program.folder = try own.string("folder").map { Template(text: $0).filled(placeholders) }
    if let folder = program.folder, !folder.hasPrefix("/") {
      throw own.error("folder", is: "'\(folder)'", wants: "a path from the root; without it, it is the release")
    }
    program.timeout = try own.duration("timeout") ?? program.timeout
    program.environment = environment.merging(try Self.environment(own)) { _, own in own }
    return program
  }

  static func user(_ settings: Settings) throws(ConfigurationError) -> User? {
    guard let name = try settings.string("user") else { return nil }
    guard let user = User(name) else { throw settings.error("user", is: "'\(name)'", wants: "a user of this machine") }
    return user
  }

  static func environment(_ settings: Settings) throws(ConfigurationError) -> [String: String] {
    guard let own = try settings.nested("env") else { return [:] }
    var variables: [String: String] = [:]
    for key in own.keys {
      guard !key.contains("="), !key.hasPrefix("BATON_"), let value = try own.string(key) else {
        throw own.error(key, is: "a name that is not free", wants: "one without '=' that does not begin with BATON_")
      }
      variables[key] = value
    }
    return variables
  }
}
