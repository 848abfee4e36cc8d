public import AMQP

/// How a service on a host says something: to everybody who listens, and to the one who asked.
public struct Voice: Sendable {
  /// This host.
  public let server: Server
  public let logger: Logger
  private let observers: [any Observer]

  init(server: Server, logger: Logger, observers: [any Observer]) {
    self.server = server
    self.logger = logger
    self.observers = observers
  }

  /// Says a message; it is taken in without waiting for the broker or any reader.
  ///
  /// - Parameters:
  ///   - request: the properties of the request that this belongs to.
  ///   - id: the `message_id`: saying something twice under the same is saying it once. ``Consumer/confirmed(_:)`` tells when the
  ///     broker has taken it over.
  public func say<M: Message>(_ message: M, answering request: Properties? = nil, id: String? = nil) {
    say(message, answering: request, id: id, isReply: false)
  }

  /// - Parameter isReply: whether it is the last word that the request's type names.
  func say<M: Message>(_ message: M, answering request: Properties?, id: String? = nil, isReply: Bool) {
    let output: Output
    do {
      output = try Output(message, from: server, answering: request, id: id, isReply: isReply)
    } catch {
      logger.error("Cannot encode a message", ["type": M.type, "error": "\(error)"])
      return
    }
    for observer in observers { observer.observe(output) }
  }
}
