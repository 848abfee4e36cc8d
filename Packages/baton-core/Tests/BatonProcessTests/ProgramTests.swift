import AMQP
import Foundation
import TestSupport
import Testing

@testable import BatonProcess

struct ProgramTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ program: Program) async throws -> (Program.Ending, [String]) {
    let lines = Locked<[String]>([])
    let ending = try await program.run { line in lines.withLock { $0.append(line) } }
    return (ending, lines.withLock { $0 })
  }

  @Test("Its output comes line by line, both streams in their order, and its exit code at the end")
  func lines() async throws {
    let (ending, lines) = try await run(Program(["sh", "-c", "echo a; echo b >&2; printf c; exit 3"]))
    #expect(ending.way == .exited(3))
    #expect(lines == ["a", "b", "c"])
  }

  @Test("Words are handed over as they are: there is no shell")
  func words() async throws {
    let (_, lines) = try await run(Program(["echo", "$(id); `id` * 'x", "-n"]))
    #expect(lines == ["$(id); `id` * 'x -n"])
  }

  @Test("It gets its own environment, folder and an empty input, and none of our descriptors and signals")
  func surroundings() async throws {
    signal(SIGPIPE, SIG_IGN)
    let script =
      "env | grep -v '^\\(PWD\\|SHLVL\\|_\\|OLDPWD\\)='; pwd; cat; ls /proc/self/fd | tr '\\n' ' '; grep SigIgn /proc/self/status"
    let (_, lines) = try await run(
      Program(["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin", "A": "1"], folder: folder.path))
    #expect(lines.prefix(2).sorted() == ["A=1", "PATH=/usr/bin:/bin"])
    #expect(lines.dropFirst(2).first == folder.path)
    // The fourth is of `ls` itself.
    #expect(lines.last?.hasPrefix("0 1 2 3 SigIgn:") == true)
    // glibc's posix_spawn leaves two signals of its own (32 and 33) ignored.
    let ignored = try #require(lines.last?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) })
    #expect(ignored & 0x7FFF_FFFF == 0)
  }

  @Test("What is given as input is read")
  func input() async throws {
    let file = open(try folder.write("hello\n", to: "in"), O_RDONLY)
    defer { close(file) }
    let (_, lines) = try await run(Program(["cat"], input: file))
    #expect(lines == ["hello"])
  }

  @Test("One that takes too long is ended with all of its group, also those who do not listen to TERM")
  func timeout() async throws {
    let script = "trap '' TERM; sh -c 'trap \"\" TERM; sleep 1000' & echo $!; sleep 1000"
    let (ending, lines) = try await run(
      Program(["sh", "-c", script], timeout: .milliseconds(200), grace: .milliseconds(100)))
    #expect(ending.way == .timedOut)
    #expect(ending.isGone)
    let child = try #require(lines.first.flatMap { Int32($0) })
    #expect(!FileManager.default.fileExists(atPath: "/proc/\(child)/cmdline") || isZombie(child))
  }

  @Test("Cancelled, it is asked first, may say something, and is gone when that is told")
  func cancelled() async throws {
    let lines = Locked<[String]>([])
    let started = Promise<Void>()
    let program = Program(["sh", "-c", "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.01; done"])
    let task = Task {
      try await program.run { line in
        lines.withLock { $0.append(line) }
        started.succeed(())
      }
    }
    try await started.value
    task.cancel()
    let ending = try await task.value
    #expect(ending.way == .cancelled)
    #expect(ending.isGone)
    #expect(lines.withLock { $0 }.last == "bye")
  }

  @Test("One that leaves a process behind with its output open has ended all the same")
  func leftover() async throws {
    let (ending, lines) = try await run(Program(["sh", "-c", "sleep 1000 & echo $!"]))
    #expect(ending.way == .exited(0))
    let child = try #require(lines.first.flatMap { Int32($0) })
    #expect(kill(child, SIGKILL) == 0)
  }

  @Test("Output without end is bounded and counted, and does not stop the program")
  func endless() async throws {
    let (ending, lines) = try await run(
      Program(["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end"], outputLimit: 10_000))
    #expect(ending.way == .exited(0))
    #expect(lines.map(\.utf8.count).reduce(0, +) == 10_000)
    #expect(lines.allSatisfy { $0.utf8.count <= 4096 })
    #expect(ending.dropped == 3_000_005 - 10_000)
  }

  @Test("A program that is not there, or a folder, is told by its name")
  func missing() async throws {
    for program in [Program(["no-such-program"]), Program(["/no/such"]), Program(["true"], folder: "/no/such")] {
      await #expect(throws: ProgramError.self) { _ = try await program.run() }
    }
  }

  @Test("Another user's rights are really another's", .enabled(if: geteuid() == 0))
  func user() async throws {
    let nobody = try #require(User("nobody"))
    let (ending, lines) = try await run(Program(["id", "-un"], environment: ["PATH": "/usr/bin:/bin"], user: nobody))
    #expect(ending.isSuccess)
    #expect(lines == ["nobody"])
    #expect(User("no-such-user") == nil)
  }

  @Test("Processes of an earlier run are found by a variable, and ended")
  func strays() async throws {
    let mark = "BATON_TEST_MARK=\(UUID().uuidString)"
    let pair = mark.split(separator: "=").map(String.init)
    let (_, lines) = try await run(
      Program(["sh", "-c", "sleep 1000 & echo $!"], environment: [pair[0]: pair[1], "PATH": "/usr/bin:/bin"]))
    let child = try #require(lines.first.flatMap { Int32($0) })
    let found = ProcessTable.processes(with: mark, session: getsid(0))
    #expect(found.map(\.pid) == [child])
    #expect(ProcessTable.end(found))
    #expect(ProcessTable.processes(with: mark, session: getsid(0)).isEmpty)
  }

  private func isZombie(_ pid: Int32) -> Bool {
    let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
    return stat?.contains(") Z ") ?? true
  }
}
