/// Receives each message that a service says: the output exchange, the log, a test.
public protocol Observer: Sendable {
  /// Takes it in without waiting for anybody who reads it later.
  func observe(_ output: Output) async
}

/// Writes what a service says to its log.
public struct LogObserver: Observer {
  private let logger: Logger

  public init(logger: Logger) { self.logger = logger }

  public func observe(_ output: Output) async {
    let body = String(decoding: output.body, as: UTF8.self)
    if output.type == Failure.type {
      logger.error("Said", ["type": output.type, "body": body])
    } else {
      logger.info("Said", ["type": output.type, "body": body])
    }
  }
}
