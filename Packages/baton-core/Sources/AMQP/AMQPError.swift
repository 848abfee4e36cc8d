/// Why something asked of a broker did not happen: what was tried, what kind of failure it was, and what the broker said.
///
/// ```swift
/// do { … } catch AMQPError.Code.notFound { … }
/// ```
public struct AMQPError: Error, Hashable, CustomStringConvertible {
  public let code: Code
  /// In words for people, with the broker's own where there are any.
  public let reason: String
  /// What was interrupted, to be read after "could not": `"declare queue 'x'"`.
  public let action: String

  public init(_ code: Code, _ reason: String, while action: String) {
    self.code = code
    self.reason = reason
    self.action = action
  }

  /// - Parameter remedy: what to do about it, said behind the reason.
  public init(_ code: Code, _ reason: String, remedy: String?, while action: String) {
    let words = reason.hasSuffix(".") ? String(reason.dropLast()) : reason
    self.init(code, remedy.map { "\(words). \($0)" } ?? reason, while: action)
  }

  public var description: String { "could not \(action): \(reason)" }
}

extension AMQPError {
  /// A reply code of AMQP 0-9-1 (section 1.2 of the specification's reference), or one below 100 that is the client's own.
  public struct Code: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    // The broker's.
    public static let noRoute = Code(rawValue: 312)
    public static let connectionForced = Code(rawValue: 320)
    public static let accessRefused = Code(rawValue: 403)
    public static let notFound = Code(rawValue: 404)
    public static let resourceLocked = Code(rawValue: 405)
    public static let preconditionFailed = Code(rawValue: 406)
    public static let notAllowed = Code(rawValue: 530)
    public static let notImplemented = Code(rawValue: 540)
    public static let internalError = Code(rawValue: 541)

    // The client's own.
    /// No connection could be made: name, port, network or handshake.
    public static let unreachable = Code(rawValue: 1)
    /// The connection was there and is not any more.
    public static let connectionLost = Code(rawValue: 2)
    /// Nothing was heard for two heartbeats, or a reply did not come in time.
    public static let timedOut = Code(rawValue: 3)
    /// The certificate, its name, the authority or the protocol version was not accepted.
    public static let tlsRefused = Code(rawValue: 4)
    /// The connection or channel was closed from this side.
    public static let closed = Code(rawValue: 5)
    /// The broker cancelled a consumer: its queue is gone.
    public static let consumerCancelled = Code(rawValue: 6)
    /// The caller's own value cannot be put on the wire.
    public static let invalidArgument = Code(rawValue: 7)
    /// The broker takes no messages for now: an alarm of memory or disk.
    public static let blocked = Code(rawValue: 8)
    /// The broker did not take a message over (`basic.nack`).
    public static let refused = Code(rawValue: 9)

    /// Catches an `AMQPError` by its code.
    public static func ~= (code: Code, error: any Error) -> Bool {
      (error as? AMQPError)?.code == code
    }
  }
}
