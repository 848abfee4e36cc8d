// What cannot be put on the wire is refused before it is sent: librabbitmq would cut it, or the broker would close the connection.

extension Method {
  func validate() throws {
    switch self {
    case .declareExchange(let exchange): try checkShort(exchange.name)
    case .declareQueue(let queue): try checkShort(queue.name)
    case .bind(let queue, let exchange, let key), .unbind(let queue, let exchange, let key):
      try [queue, exchange, key].forEach(checkShort)
    case .deleteExchange(let name), .deleteQueue(let name), .purgeQueue(let name): try checkShort(name)
    case .prefetch, .confirmSelect, .cancelConsumer: return
    }
  }

  private func checkShort(_ text: String) throws {
    guard text.utf8.count <= 255 else {
      throw AMQPError(
        .invalidArgument, "a name or key has at most 255 bytes, this has \(text.utf8.count)", while: "\(self)")
    }
  }
}

extension Publishing {
  func validate() throws {
    let texts = [
      exchange, routingKey, properties.contentType, properties.contentEncoding, properties.correlationID,
      properties.replyTo, properties.expiration, properties.messageID, properties.type, properties.userID,
      properties.appID,
    ]
    for text in texts {
      guard let text, text.utf8.count > 255 else { continue }
      throw AMQPError(
        .invalidArgument, "a key or property has at most 255 bytes, this has \(text.utf8.count)",
        while: "publish to '\(exchange)'")
    }
  }
}
