#if canImport(Glibc)
  import Glibc
#endif

/// A call on a socket failed.
public struct SocketError: Error, Hashable, CustomStringConvertible {
  public let code: Int32
  /// To be read after "could not".
  public let action: String

  /// The error of the call that has just failed.
  init(while action: String) {
    code = errno
    self.action = action
  }

  public var description: String { "could not \(action): \(String(cString: strerror(code)))" }
}
