#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The file that a download is appended to.
final class DownloadFile: Sendable {
  let path: String
  private let descriptor: Int32

  /// Opens a file, or makes it, readable by its owner alone. A link is not followed.
  init(_ path: String) throws(HTTPError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("open \(path)") }
  }

  deinit { close(descriptor) }

  var size: Int64 {
    get throws(HTTPError) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw Self.failure("look at \(path)") }
      return Int64(status.st_size)
    }
  }

  func empty() throws(HTTPError) {
    guard ftruncate(descriptor, 0) == 0 else { throw Self.failure("empty \(path)") }
  }

  /// The corresponding C function is `fsync(2)`.
  func sync() throws(HTTPError) {
    guard fsync(descriptor) == 0 else { throw Self.failure("keep \(path)") }
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure("write to \(path)") }
      rest = rest.dropFirst(count)
    }
  }

  private static func failure(_ action: String) -> HTTPError {
    HTTPError(.file, String(cString: strerror(errno)), while: action)
  }
}
