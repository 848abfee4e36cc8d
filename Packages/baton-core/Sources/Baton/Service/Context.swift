/// What a handler knows of the request at hand, and how it says something before its answer.
public struct Context: Sendable {
  /// How to say something beyond the life of the handler.
  public let voice: Voice
  /// The request as it came.
  public let request: AnyMessage
  private let acknowledging: @Sendable () -> Void

  init(voice: Voice, request: AnyMessage, acknowledge: @escaping @Sendable () -> Void = {}) {
    self.voice = voice
    self.request = request
    acknowledging = acknowledge
  }

  /// This host.
  public var server: Server { voice.server }
  public var logger: Logger { voice.logger }

  /// Tells the broker already now that the request needs to be delivered to nobody else, because it is on disk here.
  ///
  /// Otherwise that is said when the handler ends.
  public func acknowledge() { acknowledging() }

  /// Tells everybody who listens how it is going.
  public func info(_ message: String) { say(Info(message)) }

  /// Tells everybody who listens something of one's own type.
  public func say<M: Message>(_ message: M) { voice.say(message, answering: request.properties) }

  /// The last word.
  func answer<M: Message>(_ reply: M) { voice.say(reply, answering: request.properties, isReply: true) }
}
