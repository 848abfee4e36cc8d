import BatonProcess

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A process of an agent, which is to be killed, or kills itself at a point that was named.
struct AgentProcess: Sendable {
  let pid: pid_t
  private let running: Task<Program.Ending?, Never>

  /// Starts an executable and returns when it runs. It is in a process group of its own, as everything that is started by `Program` is.
  ///
  /// - Parameter point: where it kills itself; only an executable that was built for tests does.
  init(_ executable: String, configuration: String, dieAt point: String? = nil) async throws {
    // The shell's number becomes the agent's.
    var program = Program(["/bin/sh", "-c", "echo $$; exec \"$@\"", "sh", executable, "serve", "-c", configuration])
    program.environment = ["PATH": "/usr/bin:/bin"]
    program.environment["BATON_DEPLOY_DIE_AT"] = point
    // One that is to kill itself does it soon.
    program.timeout = point == nil ? .seconds(3600) : .seconds(60)
    let (lines, continuation) = AsyncStream.makeStream(of: String.self)
    // Ends when the process does: each is killed, or kills itself.
    running = Task { [program] in
      let ending = try? await program.run { continuation.yield($0) }
      continuation.finish()
      return ending
    }
    var iterator = lines.makeAsyncIterator()
    guard let number = await iterator.next().flatMap(Int32.init) else {
      throw ProgramError(program: executable, reason: "it does not say its number")
    }
    pid = number
  }

  /// As a crash would; returns when it is gone.
  func kill() async {
    Glibc.kill(pid, SIGKILL)
    _ = await running.value
  }

  /// Waits for it to kill itself.
  func die(at point: String) async throws {
    let ending = await running.value
    guard ending?.way == .killed(SIGKILL) else { throw Survival(point: point, ending: ending) }
  }
}

/// An agent has not come to the point where it should have killed itself.
struct Survival: Error, CustomStringConvertible {
  let point: String
  let ending: Program.Ending?

  var description: String {
    "the agent did not come to \(point), and \(ending.map { "\($0)" } ?? "nobody saw its end")"
  }
}
