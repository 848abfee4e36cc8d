import TestSupport
import Testing

@testable import BatonCLI

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct PIDFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder.path("x.pid") }
  private var isThere: Bool { access(path, F_OK) == 0 }

  /// Why the file cannot be had; nil if it can.
  private func refusal(_ path: String) -> PIDFile.Failure? {
    do throws(PIDFile.Failure) {
      _ = try PIDFile(path)
      return nil
    } catch {
      return error
    }
  }

  @Test("It holds this process's number as long as it is held, and is gone afterwards")
  func lifetime() throws {
    let file = try PIDFile(path)
    #expect(try folder.text(of: "x.pid") == "\(getpid())\n")
    _ = consume file
    #expect(!isThere)
  }

  @Test("Who comes second is told who holds it, and does it no harm")
  func locked() throws {
    let file = try PIDFile(path)
    let failure = try #require(refusal(path))
    #expect(failure.description == "already running (pid \(getpid())), says \(path)")
    #expect(failure.exitCode == .alreadyRunning)
    #expect(isThere)
    _ = consume file
    #expect(refusal(path) == nil)
  }

  @Test("What a dead process left behind is taken over", arguments: ["99999999\n", "", "nonsense that is long\n\n"])
  func stale(content: String) throws {
    try folder.write(content, to: "x.pid")
    let file = try PIDFile(path)
    #expect(try folder.text(of: "x.pid") == "\(getpid())\n")
    _ = consume file
    #expect(!isThere)
  }

  @Test("A holder whose number cannot be read is unknown")
  func unknownHolder() throws {
    let file = try PIDFile(path)
    #expect(truncate(path, 0) == 0)
    #expect(refusal(path)?.description.hasPrefix("already running (pid unknown)") == true)
    _ = consume file
  }

  @Test("A file that somebody else has put in its place is not removed")
  func replaced() throws {
    let file = try PIDFile(path)
    #expect(unlink(path) == 0)
    try folder.write("1\n", to: "x.pid")
    _ = consume file
    #expect(try folder.text(of: "x.pid") == "1\n")
  }

  @Test("What cannot be opened is told with what to do")
  func cannotOpen() throws {
    let path = folder.path("no/x.pid")
    let failure = try #require(refusal(path))
    #expect(
      failure.description
        == "cannot open the pid file \(path): No such file or directory; see to its folder and rights, or set PID_FILE "
        + "to another path")
    #expect(failure.exitCode == .alreadyRunning)
  }
}
