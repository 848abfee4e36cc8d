import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A user of this machine, as a program is run as.
public struct User: Sendable, Hashable {
  public let name: String
  public let id: UInt32
  public let group: UInt32
  public let home: String

  /// Nil if there is no such user.
  ///
  /// The corresponding C function is `getpwnam_r(3)`.
  public init?(_ name: String) {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16 * 1024)
    guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
    self.name = name
    id = entry.pw_uid
    group = entry.pw_gid
    home = entry.pw_dir.map { String(cString: $0) } ?? "/"
  }

  /// Whether it is who we are.
  public var isOurs: Bool { id == geteuid() }

  /// The words that run a program as this user: util-linux's setpriv(1), since posix_spawn cannot change the user.
  func words(for words: [String]) -> [String] {
    isOurs
      ? words : ["/usr/bin/setpriv", "--reuid=\(id)", "--regid=\(group)", "--init-groups", "--"] + words
  }
}
