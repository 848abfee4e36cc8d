/// Why a transfer did not happen: what was tried, what kind of failure it was, and what libcurl or the server said.
public struct HTTPError: Error, Hashable, CustomStringConvertible {
  public let code: Code
  public let reason: String
  /// What was interrupted, to be read after "could not"; addresses in it show no password.
  public let action: String
  /// The server's, where it answered.
  public let status: Int?

  public init(_ code: Code, _ reason: String, while action: String, status: Int? = nil) {
    self.code = code
    self.reason = reason
    self.action = action
    self.status = status
  }

  public var description: String { "could not \(action): \(reason)" }

  /// Whether another attempt may succeed where this one did not.
  var isTransient: Bool {
    switch code {
    case .unreachable, .timedOut: true
    case .status: (status ?? 0) >= 500 || status == 429
    default: false
    }
  }
}

extension HTTPError {
  /// What kind of failure it is.
  public struct Code: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    /// An address that is none, or of a scheme that the client does not take.
    public static let badAddress = Code(rawValue: "bad address")
    /// No connection, or it was lost.
    public static let unreachable = Code(rawValue: "unreachable")
    public static let timedOut = Code(rawValue: "timed out")
    /// The certificate, its name, the authority or the protocol version was not accepted.
    public static let tlsRefused = Code(rawValue: "TLS refused")
    /// The server answered with something else than success.
    public static let status = Code(rawValue: "status")
    /// More bytes than the caller allows.
    public static let tooLarge = Code(rawValue: "too large")
    /// The file cannot be written: the disk is full, or the rights are missing.
    public static let file = Code(rawValue: "file")
    public static let failed = Code(rawValue: "failed")

    /// Catches an `HTTPError` by its code.
    public static func ~= (code: Code, error: any Error) -> Bool {
      (error as? HTTPError)?.code == code
    }
  }
}
