import AMQP
import Baton
import TestSupport
import Testing

@testable import BatonCLI

struct ExitCodeTests {
  @Test(
    "What the broker says has its code",
    arguments: [
      (.unreachable, 69), (.connectionLost, 69), (.timedOut, 69), (.tlsRefused, 69), (.connectionForced, 69),
      (.internalError, 69), (.preconditionFailed, 69), (.resourceLocked, 69), (.accessRefused, 77), (.notAllowed, 77),
      (.notFound, 2), (.blocked, 75), (.invalidArgument, 64),
    ] as [(AMQPError.Code, Int32)])
  func broker(code: AMQPError.Code, expected: Int32) {
    #expect(ExitCode(code).rawValue == expected)
  }

  @Test("Each kind of error has its code")
  func errors() throws {
    struct Other: Error {}
    let pidFile = PIDFile.Failure(description: "no", exitCode: .alreadyRunning)
    for (error, code) in [
      (ConfigurationError(place: "p", problem: "p", remedy: "r"), 78), (LogFileError(path: "p", reason: "r"), 78),
      (pidFile, 73), (AMQPError(.blocked, "r", while: "a"), 75), (CancellationError(), 130), (Other(), 71),
      (ExitCode.missing, 4), (UsageError("u"), 64),
    ] as [(any Error, Int32)] {
      #expect(Program.report(error, program: "test").rawValue == code, "\(error)")
    }
  }

  @Test("The numbers are those that scripts know")
  func numbers() {
    let codes: [ExitCode] = [
      .success, .failure, .nobody, .missing, .usage, .unavailable, .system, .alreadyRunning, .temporary, .denied,
      .configuration, .interrupted,
    ]
    #expect(codes.map(\.rawValue) == [0, 1, 2, 4, 64, 69, 71, 73, 75, 77, 78, 130])
  }
}

extension ParsingTests {
  struct ProgramTests {
    private func command(_ run: @escaping @Sendable (Arguments) throws -> ExitCode) -> Command {
      Command("test", abstract: "Test.", operands: [.init("word", help: "A word.")], run: run)
    }

    @Test("A command gives its own code")
    func own() {
      #expect(Program.run(command { $0.operands == ["x"] ? .missing : .success }, words: ["x"]) == .missing)
    }

    @Test("A line that cannot be understood is 64, whether the parser or the command finds that out")
    func usage() {
      #expect(Program.run(command { _ in .success }, words: []) == .usage)
      #expect(Program.run(command { _ in throw UsageError("no") }, words: ["x"]) == .usage)
    }

    @Test("What a command throws has its code")
    func thrown() {
      #expect(Program.run(command { _ in throw AMQPError(.accessRefused, "no", while: "a") }, words: ["x"]) == .denied)
    }

    @Test("Help and version are no failure, and run nothing")
    func help() {
      let command = command { _ in
        Issue.record("it was run")
        return .failure
      }
      #expect(Program.run(command, words: ["--help"]) == .success)
      #expect(Program.run(command, words: ["--version"]) == .success)
    }

    @Test("The configuration comes from the file that the option names, and is strict where that is wanted")
    func configuration() throws {
      let folder = try TemporaryFolder()
      let path = try folder.write("RABBIT_PASS: x\nRABBIT_VHOST: v\nQUEUE: q\n", to: "x.cfg", mode: 0o644)
      func load(_ words: String...) throws -> Configuration? {
        let command = Command("test", abstract: "", options: CommonOptions.specs) { _ in .success }
        guard case .run(_, _, let arguments) = try CommandParser.parse(words, as: command) else { return nil }
        return try CommonOptions.configuration(arguments, program: "test", files: [], keys: ["QUEUE"])
      }
      let configuration = try #require(try load("-c", path))
      #expect(configuration.virtualHost == "v")
      #expect(configuration.warnings.count == 1)
      #expect(throws: ConfigurationError.self) { try load("-c", path, "--strict") }
      #expect(throws: ConfigurationError.self) { try load("-c", folder.path("no")) }
    }
  }
}
