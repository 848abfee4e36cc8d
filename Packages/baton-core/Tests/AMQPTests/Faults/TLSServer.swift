import AMQP
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// `openssl s_server`: a TLS server that is no broker, so a handshake of TLS that succeeds is followed by silence.
final class TLSServer: Sendable {
  let port: Int
  private let pid: pid_t
  private let output: Output

  /// What the server writes.
  ///
  /// `@unchecked Sendable`: read by one thread before the server is handed out, and closed when it is gone.
  private struct Output: @unchecked Sendable {
    let stream: UnsafeMutablePointer<FILE>
  }

  /// - Parameter certificate: one of those that `Scripts/certificates` makes, by its name.
  static func start(certificate: String = "server", _ options: String...) async throws -> TLSServer {
    let files = "-cert '\(try await file(certificate))' -key '\(try await file("\(certificate)-key"))'"
    // -www: it waits for a request, and does not look at its input.
    let command = "exec openssl s_server -www -accept 127.0.0.1:0 \(files) \(options.joined(separator: " "))"
    let started = Promise<TLSServer>()
    // Not in the tasks' pool: with two threads asleep in it, the tests beside this one would stand still.
    try Thread.start {
      do { started.succeed(try TLSServer(command)) } catch { started.fail(error) }
    }
    return try await started.value
  }

  private init(_ command: String) throws {
    output = Output(stream: try #require(popen("echo $$; \(command) </dev/null 2>/dev/null", "re")))
    pid = try #require(Self.line(of: output.stream).flatMap { pid_t($0) })
    var port: Int?
    // "ACCEPT 127.0.0.1:40123", after other lines.
    while port == nil {
      let line = try #require(Self.line(of: output.stream), "s_server ended")
      if line.hasPrefix("ACCEPT") { port = line.split(separator: ":").last.flatMap { Int($0) } }
    }
    self.port = try #require(port)
  }

  deinit {
    kill(pid, SIGKILL)
    pclose(output.stream)
  }

  /// The path of a certificate, or of a key.
  static func file(_ name: String) async throws -> String { "\(try await certificates.value)/\(name).pem" }

  /// The folder of what `Scripts/certificates` makes, once for all tests.
  private static let certificates = Task {
    let made = Promise<String>()
    let root = #filePath.split(separator: "/").dropLast(6).joined(separator: "/")
    let folder = "/tmp/baton-certificates-\(getpid())"
    atexit { _ = system("rm -rf /tmp/baton-certificates-\(getpid())") }
    try Thread.start {
      let status = system("'/\(root)/Scripts/certificates' \(folder)")
      if status == 0 { made.succeed(folder) } else { made.fail(Failure(status: status)) }
    }
    return try await made.value
  }

  private struct Failure: Error {
    let status: Int32
  }

  private static func line(of stream: UnsafeMutablePointer<FILE>) -> String? {
    var bytes: [UInt8] = []
    while true {
      let byte = getc(stream)
      guard byte != EOF else { return nil }
      if byte == Int32(UInt8(ascii: "\n")) { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
  }
}
