import Baton
import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A process that has left its terminal: own session, root as its folder, its streams on the log or nowhere.
///
/// The one who started it waits until the daemon says that it is ready, or why it is not, and ends with that.
/// See daemon(7), "SysV Daemons".
struct Daemon {
  private let program: String
  /// Where the waiting parent reads; closing it without a word means that the daemon died.
  private let readiness: Int32

  /// Forks twice and returns in the daemon alone; the calling process ends here.
  ///
  /// To be called before the first thread or task: forking copies only the thread that forks.
  /// - Parameters:
  ///   - program: the executable's name, for messages.
  ///   - log: the file for standard output and error, made if it is not there.
  static func detach(_ program: String, log: String?) throws -> Daemon {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw DaemonFailure("open a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    switch csystem_fork() {
    case -1: throw DaemonFailure("fork")
    case 0: break
    default:
      close(ends[1])
      exit(waitForReadiness(ends[0]))
    }
    close(ends[0])
    guard setsid() >= 0 else { throw DaemonFailure("start a session") }
    // The second child leads no session, so it can never get a terminal.
    switch csystem_fork() {
    case -1: throw DaemonFailure("fork")
    case 0: break
    default: _exit(0)
    }
    umask(0o027)
    let daemon = Daemon(program: program, readiness: ends[1])
    do { try daemon.leave(log: log) } catch { daemon.fail(error) }
    return daemon
  }

  /// Lets the one who started it go, with success.
  func ready() {
    _ = write(readiness, "\0", 1)
    close(readiness)
  }

  /// Tells the one who started it what went wrong, and ends.
  func fail(_ error: any Error) -> Never {
    let code = ExitCode(of: error)
    var text = "\(code.rawValue) \(program): \("\(error)".escapingControlCharacters)"
    _ = text.withUTF8 { write(readiness, $0.baseAddress, $0.count) }
    exit(code.rawValue)
  }

  private func leave(log: String?) throws {
    let null = open("/dev/null", O_RDWR)
    let output = log.map { open($0, O_WRONLY | O_APPEND | O_CREAT, 0o640) } ?? null
    guard null >= 0 else { throw DaemonFailure("open /dev/null") }
    guard output >= 0 else { throw LogFileError(path: log ?? "", reason: String(cString: strerror(errno))) }
    dup2(null, STDIN_FILENO)
    dup2(output, STDOUT_FILENO)
    dup2(output, STDERR_FILENO)
    for descriptor in Set([null, output]) where descriptor > STDERR_FILENO { close(descriptor) }
    guard chdir("/") == 0 else { throw DaemonFailure("go to the root folder") }
  }

  private static func waitForReadiness(_ descriptor: Int32) -> Int32 {
    var said: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      said += chunk.prefix(count)
      if said == [0] { return ExitCode.success.rawValue }
    }
    let text = String(decoding: said, as: UTF8.self)
    let parts = text.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let code = Int32(parts[0]) else {
      Output.error.writeLine("The daemon ended before it was ready; its log may say why.")
      return ExitCode.system.rawValue
    }
    Output.error.writeLine(String(parts[1]))
    return code
  }
}

/// A call of the system that failed while a process was turned into a daemon.
struct DaemonFailure: Error, CustomStringConvertible {
  let description: String

  init(_ action: String) { description = "could not \(action): \(String(cString: strerror(errno)))" }
}
