import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file with one line of JSON for each request that would change something: who asked for what, and whether he might.
struct AuditLog: Sendable, Hashable {
  struct Entry: Codable, Sendable {
    /// ISO 8601, in UTC.
    var time: String
    var fqdn: String
    var environment: String
    /// The request's type.
    var command: String
    var app: String
    /// Of the act, if the request names one.
    var id: String?
    var version: String?
    var messageID: String?
    /// What the request says, and, where it is signed, whose key it was.
    var by: String?
    var key: String?
    var isPermitted: Bool
    /// Why not.
    var reason: String?

    enum CodingKeys: String, CodingKey {
      case time, fqdn, environment, command, app, id, version, by, key, reason
      case messageID = "message_id"
      case isPermitted = "permitted"
    }
  }

  let path: String

  /// Adds a line, readable by the file's owner alone; opened anew each time, so that a file that is moved away is not written to.
  func write(_ entry: Entry) throws {
    let bytes = try JSONText.encode(entry) + [0x0A]
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
