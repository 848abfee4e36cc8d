/// What a handler knows of the request at hand, and how it says something before its answer.
public struct Context: Sendable {
  /// This host.
  public let server: Server
  /// The request as it came.
  public let request: AnyMessage
  public let logger: Logger
  private let observers: [any Observer]

  init(server: Server, request: AnyMessage, logger: Logger, observers: [any Observer]) {
    self.server = server
    self.request = request
    self.logger = logger
    self.observers = observers
  }

  /// Tells everybody who listens how it is going.
  public func info(_ message: String) async { await say(Info(message)) }

  /// Tells everybody who listens something of one's own type.
  public func say<M: Message>(_ message: M) async { await say(message, isReply: false) }

  /// The last word.
  func answer<M: Message>(_ reply: M) async { await say(reply, isReply: true) }

  private func say<M: Message>(_ message: M, isReply: Bool) async {
    let output: Output
    do {
      output = try Output(message, from: server, answering: request.properties, isReply: isReply)
    } catch {
      logger.error("Cannot encode what a handler says", ["type": M.type, "error": "\(error)"])
      return
    }
    for observer in observers { await observer.observe(output) }
  }
}
