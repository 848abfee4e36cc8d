public import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What every program of baton takes.
public enum CommonOptions {
  static let configFile = Option<String?>.optional(
    "config-file", short: "c", placeholder: "path", help: "Read the configuration from this file.")
  static let strict = Option<Bool>.flag(
    "strict", help: "Refuse a configuration file that lets others read a password.")

  /// For the table of options of a command that reads a configuration.
  public static var specs: [OptionSpec] { [configFile.spec, strict.spec] }

  /// The configuration that the options, the environment and the files give.
  ///
  /// - Parameters:
  ///   - files: where it is looked for if no option says; `/etc/<program>/<program>.cfg` unless given.
  ///   - file: the one to read, whatever the options say.
  public static func configuration(
    _ arguments: Arguments, program: String, files: [String]? = nil, keys: [String] = [], file: String? = nil
  ) throws -> Configuration {
    try Configuration.load(
      file: try file ?? arguments[configFile], standardFiles: files ?? ["/etc/\(program)/\(program).cfg"],
      environment: environment, keys: keys, strict: try arguments[strict])
  }

  /// A logger for a command: to standard error, warnings and what is worse.
  public static func logger(_ configuration: Configuration) -> Logger {
    Logger(to: .standardError(), format: configuration.logFormat, level: max(.warning, configuration.logLevel))
  }

  /// The process's environment.
  public static var environment: [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    return variables
  }
}
