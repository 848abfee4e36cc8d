import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A lock that the kernel keeps for this process, and that ends with it, however it ends: it cannot go stale.
public final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock on a file, which is made if it is not there; nil if another holds it.
  ///
  /// The corresponding C function is `flock(2)`.
  public init?(_ path: String) throws(FileLockError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileLockError(path: path, reason: String(cString: strerror(errno))) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}

/// A lock's file that cannot be opened.
public struct FileLockError: Error, Hashable, CustomStringConvertible {
  public let path: String
  public let reason: String

  public var description: String { "could not open the lock \(path): \(reason)" }
}
