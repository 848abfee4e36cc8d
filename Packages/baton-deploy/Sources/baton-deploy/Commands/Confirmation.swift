import BatonCLI

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Has a person say yes before something is done.
enum Confirmation {
  /// Throws the code to exit with unless the answer is yes; where nobody can be asked, `--yes` must have been given.
  static func ask(_ question: String, _ isConfirmed: Bool) throws {
    if isConfirmed { return }
    guard isatty(STDIN_FILENO) == 1, Output.error.isTerminal else {
      throw UsageError("This is no terminal, so nobody can be asked: --yes begins without asking, --plan only shows.")
    }
    Output.error.write("\(question) [y/N] ")
    let answer = readLine()?.lowercased() ?? ""
    guard ["y", "yes"].contains(answer) else {
      Output.error.writeLine("Nothing was done.")
      throw ExitCode.interrupted
    }
  }
}

extension ExitCode {
  /// Ends the program at once.
  func leave() -> Never { exit(rawValue) }
}
