/// Receives each message that a service says: the output exchange, the log, a test.
public protocol Observer: Sendable {
  /// Takes it in without waiting for anybody who reads it later.
  func observe(_ output: Output)
}

/// Writes what a service says to its log.
public struct LogObserver: Observer {
  private let logger: Logger

  public init(logger: Logger) { self.logger = logger }

  public func observe(_ output: Output) {
    // What the log cannot take is not said less for it.
    _ = logger.log(output.type == Failure.type ? .error : .info, "Said", body: output.body, messageID: output.messageID)
  }
}
