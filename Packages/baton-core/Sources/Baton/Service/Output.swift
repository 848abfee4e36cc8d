public import AMQP

/// Something that a service says: an answer, progress, an error, `up` or `down`.
public struct Output: Sendable, Hashable {
  /// The member `type` of the body.
  public let type: String
  public let body: [UInt8]
  /// Its own: a message that is sent again after a lost confirm has the same, so that receivers can fold the two.
  public let messageID: String
  /// The request it belongs to, where there is one.
  public let correlationID: String?
  /// The key of the requester's own queue, where there is one.
  public let replyTo: String?
  /// Whether it ends what was asked: the reply, `success`, or `error`.
  public let isFinal: Bool
  /// How long somebody waits for it, from now; nil if nobody said.
  public let timeToLive: Duration?

  public init(
    type: String, body: [UInt8], messageID: String = MessageID.new(), correlationID: String? = nil,
    replyTo: String? = nil, isFinal: Bool = false,
    timeToLive: Duration? = nil
  ) {
    self.type = type
    self.body = body
    self.messageID = messageID
    self.correlationID = correlationID
    self.replyTo = replyTo
    self.isFinal = isFinal
    self.timeToLive = timeToLive
  }

  /// An answer to a request with those properties, or something said unasked.
  ///
  /// - Parameters:
  ///   - id: the `message_id`: saying something twice under the same is saying it once.
  ///   - isReply: whether it is the reply that the request's type names.
  public init<M: Message>(
    _ message: M, from server: Server, answering request: Properties? = nil, id: String? = nil, isReply: Bool = false
  ) throws {
    self.init(
      type: M.type, body: try message.body(from: server), messageID: id ?? MessageID.new(),
      // The gem's requests have no correlation_id; ours always have.
      correlationID: request?.correlationID ?? request?.messageID, replyTo: request?.replyTo,
      isFinal: isReply || M.type == Success.type || M.type == Failure.type,
      timeToLive: request?.expiration.flatMap(Int64.init).map { .milliseconds($0) })
  }

  /// The message for the output exchange: key `""`, and a copy to the requester.
  public func publishing(to exchange: String, appID: String) -> Publishing {
    var properties = Properties()
    properties.contentType = ContentType.json
    properties.deliveryMode = .persistent
    properties.messageID = messageID
    properties.correlationID = correlationID
    properties.appID = appID
    let version = FieldValue.string(Release.version)
    properties.headers =
      if let replyTo { [Headers.version: version, Headers.carbonCopy: .array([.string(replyTo)])] } else {
        [Headers.version: version]
      }
    return Publishing(exchange: exchange, routingKey: "", properties: properties, body: body)
  }
}
