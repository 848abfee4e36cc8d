import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// `openssl s_server`: a TLS server that is no broker, so a handshake of TLS that succeeds is followed by silence.
final class TLSServer {
  let port: Int
  private let pid: pid_t
  private let output: UnsafeMutablePointer<FILE>

  /// - Parameter certificate: one of those that `Scripts/certificates` makes, by its name.
  init(certificate: String = "server", _ options: String...) throws {
    let files = "-cert '\(try Self.file(certificate))' -key '\(try Self.file("\(certificate)-key"))'"
    // -www: it waits for a request, and does not look at its input.
    let server = "exec openssl s_server -www -accept 127.0.0.1:0 \(files) \(options.joined(separator: " "))"
    output = try #require(popen("echo $$; \(server) </dev/null 2>/dev/null", "re"))
    pid = try #require(Self.line(of: output).flatMap { pid_t($0) })
    var port: Int?
    // "ACCEPT 127.0.0.1:40123", after other lines.
    while port == nil {
      let line = try #require(Self.line(of: output), "s_server ended")
      if line.hasPrefix("ACCEPT") { port = line.split(separator: ":").last.flatMap { Int($0) } }
    }
    self.port = try #require(port)
  }

  deinit {
    kill(pid, SIGKILL)
    pclose(output)
  }

  /// The path of a certificate, or of a key.
  static func file(_ name: String) throws -> String {
    "\(try #require(certificates, "Scripts/certificates failed"))/\(name).pem"
  }

  private static let certificates: String? = {
    let root = #filePath.split(separator: "/").dropLast(6).joined(separator: "/")
    let folder = "/tmp/baton-certificates-\(getpid())"
    return system("'/\(root)/Scripts/certificates' \(folder)") == 0 ? folder : nil
  }()

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
