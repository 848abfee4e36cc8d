import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file of JSON, one document a line, that lines are only added to; readable by its owner alone.
public struct LineFile: Sendable, Hashable {
  public let path: String

  public init(path: String) { self.path = path }

  /// Adds a line. The file is opened anew each time, so that one that is moved away is not written to.
  public func append(_ document: some Encodable) throws {
    let bytes = try JSONText.encode(document) + [0x0A]
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileError("open", path) }
    defer { close(descriptor) }
    // Appended with one call, lines of several writers do not mix.
    #if canImport(Glibc)
      let count = Glibc.write(descriptor, bytes, bytes.count)
    #else
      let count = Darwin.write(descriptor, bytes, bytes.count)
    #endif
    guard count == bytes.count else { throw FileError("write", path) }
  }
}
