import BatonCLI

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Asks a person at the terminal for what nobody is to see.
enum Prompt {
  static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// A line without its end; nil if there is none. Where standard input is no terminal nothing is asked.
  ///
  /// The corresponding C function is `tcsetattr(3)`.
  static func secret(_ question: String) throws -> String? {
    guard isTerminal else { return readLine() }
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return readLine() }
    var silent = before
    // A Ctrl-C comes as a character: a terminal that shows nothing is not left behind.
    silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
      Output.error.writeLine("")
    }
    Output.error.write(question)
    guard let line = readLine() else { return nil }
    if line.contains("\u{3}") { throw ExitCode.interrupted }
    return line
  }
}
