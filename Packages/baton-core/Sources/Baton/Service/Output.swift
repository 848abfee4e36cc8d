public import AMQP

/// Something that a service says: an answer, progress, an error, `up` or `down`.
public struct Output: Sendable, Hashable {
  /// The member `type` of the body.
  public let type: String
  public let body: [UInt8]
  /// The request it belongs to, where there is one.
  public let correlationID: String?
  /// The key of the requester's own queue, where there is one.
  public let replyTo: String?

  /// An answer to a request with those properties, or something said unasked.
  public init<M: Message>(_ message: M, from server: Server, answering request: Properties? = nil) throws {
    type = M.type
    body = try message.body(from: server)
    // The gem's requests have no correlation_id; ours always have.
    correlationID = request?.correlationID ?? request?.messageID
    replyTo = request?.replyTo
  }

  /// The message for the output exchange: key `""`, and a copy to the requester.
  func publishing(to exchange: String, appID: String) -> Publishing {
    var properties = Properties()
    properties.contentType = ContentType.json
    properties.deliveryMode = .persistent
    properties.correlationID = correlationID
    properties.appID = appID
    properties.headers[Headers.version] = .string(Release.version)
    if let replyTo { properties.headers[Headers.carbonCopy] = .array([.string(replyTo)]) }
    return Publishing(exchange: exchange, routingKey: "", properties: properties, body: body)
  }
}
