import AMQP
import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program: runs the command that its words name, and turns whatever goes wrong into one line and an exit code.
public enum Program {
  /// Of every program of baton.
  public static let version = Release.version

  /// Does not return. An error that left `main` would trap with a backtrace.
  public static func main(_ command: Command) -> Never {
    let words = commandLine
    guard !words.isEmpty else {
      // A command must not be taken for its default.
      Output.error.writeLine("\(command.name): cannot read its own command line; is /proc mounted?")
      exit(ExitCode.system.rawValue)
    }
    exit(run(command, words: Array(words.dropFirst())).rawValue)
  }

  /// Swift looks for the words on the stack, below the environment, and finds none where a preloaded library has moved that; the kernel
  /// knows them all the same (proc(5)).
  private static var commandLine: [String] {
    guard CommandLine.arguments.isEmpty else { return CommandLine.arguments }
    let bytes = (try? FileBytes.read("/proc/self/cmdline", limit: 4 * 1024 * 1024)) ?? []
    return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  static func run(_ command: Command, words: [String]) -> ExitCode {
    do {
      if let text = try generated(words, for: command) {
        Output.standard.write(text)
        return .success
      }
      switch try CommandParser.parse(words, as: command) {
      case .help(let command, let path): Output.standard.write(Help(command: command, path: path).text)
      case .version: Output.standard.writeLine("\(command.name) \(version)")
      case .run(let command, let path, let arguments):
        do { return try command.run?(arguments) ?? .success } catch let error as UsageError {
          throw LocatedUsageError(error, path: path)
        }
      }
      return .success
    } catch let located as LocatedUsageError {
      Output.error.writeLine("Error: \(located.error)")
      Output.error.writeLine("See '\(located.path.joined(separator: " ")) --help' for more information.")
      return .usage
    } catch {
      return report(error, program: command.name)
    }
  }

  /// What packages are made with: the manual page, with its date and the pages to see also, or a shell's completion. Neither is in the help.
  private static func generated(_ words: [String], for command: Command) throws(LocatedUsageError) -> String? {
    switch words.first {
    case "--generate-manual":
      let others = Array(words.dropFirst(2))
      return Manual(command: command, version: version, date: words.dropFirst().first ?? "").text(seeAlso: others)
    case "--generate-completion-script":
      guard words.count == 2, let shell = Completion.Shell(rawValue: words[1]) else {
        throw LocatedUsageError(
          UsageError("'--generate-completion-script' wants bash, zsh or fish."), path: [command.name])
      }
      return Completion(command: command).script(for: shell)
    default: return nil
    }
  }

  /// Says what went wrong, and gives the code to exit with.
  public static func report(_ error: any Error, program: String) -> ExitCode {
    if let code = error as? ExitCode { return code }
    Output.error.writeLine("\(program): \("\(error)".escapingControlCharacters)")
    return ExitCode(of: error)
  }
}

extension ExitCode {
  /// For a program that an error ends.
  init(of error: any Error) {
    self =
      switch error {
      case is UsageError: .usage
      case is ConfigurationError, is LogFileError: .configuration
      case let error as PIDFile.Failure: error.exitCode
      case let error as AMQPError: ExitCode(error.code)
      case is CancellationError: .interrupted
      default: .system
      }
  }

  /// For a command that the broker stood in the way of.
  init(_ code: AMQPError.Code) {
    self =
      switch code {
      case .accessRefused, .notAllowed: .denied
      case .notFound: .nobody
      case .blocked: .temporary
      case .invalidArgument: .usage
      default: .unavailable
      }
  }
}
