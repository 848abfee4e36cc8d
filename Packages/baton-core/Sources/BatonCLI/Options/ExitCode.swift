/// What a program tells its caller by ending: its own small numbers, and those of sysexits.h.
public struct ExitCode: RawRepresentable, Hashable, Sendable, Error {
  public let rawValue: Int32

  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// All who were asked answered, all is well.
  public static let success = ExitCode(rawValue: 0)
  /// Some host answered with a failure.
  public static let failure = ExitCode(rawValue: 1)
  /// Nobody is listening under that key.
  public static let nobody = ExitCode(rawValue: 2)
  /// A host that was expected is missing.
  public static let missing = ExitCode(rawValue: 4)
  /// The command was called in a wrong way (EX_USAGE).
  public static let usage = ExitCode(rawValue: 64)
  /// The broker cannot be reached (EX_UNAVAILABLE).
  public static let unavailable = ExitCode(rawValue: 69)
  /// Something in the system failed that should not (EX_OSERR).
  public static let system = ExitCode(rawValue: 71)
  /// The pid file cannot be had, as when the service is running already (EX_CANTCREAT).
  public static let alreadyRunning = ExitCode(rawValue: 73)
  /// A file or folder cannot be made (EX_CANTCREAT).
  public static let cannotCreate = ExitCode(rawValue: 73)
  /// The broker takes no messages for now; try again (EX_TEMPFAIL).
  public static let temporary = ExitCode(rawValue: 75)
  /// The broker refused the user or the act (EX_NOPERM).
  public static let denied = ExitCode(rawValue: 77)
  /// The configuration is wrong (EX_CONFIG).
  public static let configuration = ExitCode(rawValue: 78)
  /// By Ctrl-C.
  public static let interrupted = ExitCode(rawValue: 130)
}
