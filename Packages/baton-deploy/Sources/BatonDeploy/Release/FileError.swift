#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Something that could not be done to a file or a folder.
public struct FileError: Error, Hashable, CustomStringConvertible {
  public let action: String
  public let path: String
  public let reason: String
  /// The system's number for it, where it said it.
  public let code: Int32

  /// What the last call of the system said, unless a reason is given.
  init(_ action: String, _ path: String, reason: String? = nil) {
    code = reason == nil ? errno : 0
    self.action = action
    self.path = path
    self.reason = reason ?? String(cString: strerror(code))
  }

  public var description: String { "could not \(action) \(path): \(reason)" }
}
