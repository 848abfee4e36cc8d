import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Appends each notice to a file, as a line of JSON. The file is opened anew each time, so it may be moved away.
struct FileSink: Sink {
  let path: String
  let batch = 100

  func tell(_ notices: [Notice]) async throws {
    var lines: [UInt8] = []
    for notice in notices { lines += try JSONText.encode(AlertView(notice)) + [0x0A] }
    try append(lines)
  }

  func check() async throws { try append([]) }

  private func append(_ bytes: [UInt8]) throws {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard count == bytes.count, fsync(descriptor) == 0 else { throw failure() }
  }

  private func failure() -> SinkFailure { SinkFailure("\(path): \(String(cString: strerror(errno)))") }
}
