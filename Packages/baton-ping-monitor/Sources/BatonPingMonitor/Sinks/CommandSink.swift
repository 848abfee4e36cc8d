import Baton
import BatonProcess

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs a program for each notice, with the alert as JSON on its standard input. There is no shell, and nothing of the alert in its words.
struct CommandSink: Sink {
  let words: [String]
  let timeout: Duration
  let batch = 1

  private static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  func tell(_ notices: [Notice]) async throws {
    for notice in notices { try await run(with: JSONText.encode(AlertView(notice)) + [0x0A]) }
  }

  func check() async throws {
    guard let name = words.first else { return }
    let paths = name.contains("/") ? [name] : Self.path.split(separator: ":").map { "\($0)/\(name)" }
    guard !paths.contains(where: { access($0, X_OK) == 0 }) else { return }
    throw SinkFailure(
      paths.count == 1
        ? "\(name): \(String(cString: strerror(errno)))" : "there is no program '\(name)' in \(Self.path)")
  }

  private func run(with input: [UInt8]) async throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SinkFailure(String(cString: strerror(errno))) }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // An alert is far smaller than a pipe's 64 KiB, so this does not wait for the program.
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    let count = input.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
    close(ends[1])
    guard count == input.count else { throw SinkFailure("the alert is too large for a pipe", isRefusal: true) }
    let program = Program(
      words, environment: ["PATH": Self.path], timeout: timeout,
      grace: .seconds(2), outputLimit: 16 * 1024, input: ends[0])
    let last = LastLine()
    let ending: Program.Ending
    do { ending = try await program.run { await last.set($0) } } catch let error as ProgramError {
      throw SinkFailure(error.description)
    }
    guard !ending.isSuccess else { return }
    throw SinkFailure("the program \(ending)\(await last.behind)", isRefusal: ending.way != .timedOut)
  }
}

/// What a program said last, which is where most say why they failed.
private actor LastLine {
  private var text = ""

  func set(_ line: String) { text = line }

  /// To be put behind a sentence.
  var behind: String { text.isEmpty ? "" : ": \(String(text.prefix(200)).escapingControlCharacters)" }
}
