#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folder of what must not be forgotten.
public enum StateFolder {
  /// Makes each part that is missing, readable by its owner alone.
  ///
  /// Throws ``StateFolderError``. The corresponding C function is `mkdir(2)`.
  public static func make(_ folder: String) throws {
    var path = ""
    for part in folder.split(separator: "/") {
      path += "/\(part)"
      guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
        throw StateFolderError(folder: folder, reason: String(cString: strerror(errno)))
      }
    }
  }
}

/// There is no folder to remember rollouts in.
public struct StateFolderError: Error, CustomStringConvertible {
  public let folder: String
  public let reason: String

  public init(folder: String, reason: String) {
    self.folder = folder
    self.reason = reason
  }

  public var description: String {
    "cannot remember rollouts in \(folder): \(reason); see to its rights, or name another folder (XDG_STATE_HOME, WEB_STATE)"
  }
}
