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
    guard !properties.headers.isEmpty else { return }
    if let problem = properties.headers.problem {
      throw AMQPError(.invalidArgument, problem, while: "publish to '\(exchange)'")
    }
  }
}

extension FieldTable {
  /// They have to fit into one frame, with the other properties.
  private static let largest = Int(ConnectionOptions.frameMax) / 2

  /// What is wrong with them as the headers of a message.
  fileprivate var problem: String? {
    var longestName = 0
    let size = wireSize(&longestName)
    if longestName > 255 { return "a header's name has at most 255 bytes, this has \(longestName)" }
    return size > Self.largest ? "headers have at most \(Self.largest) bytes, these have \(size)" : nil
  }

  fileprivate func wireSize(_ longestName: inout Int) -> Int {
    var size = 4
    for (name, value) in self {
      longestName = Swift.max(longestName, name.utf8.count)
      size += 2 + name.utf8.count + value.wireSize(&longestName)
    }
    return size
  }
}

extension FieldValue {
  fileprivate func wireSize(_ longestName: inout Int) -> Int {
    switch self {
    case .void: 0
    case .bool: 1
    case .int, .double, .timestamp: 8
    case .string(let text): 4 + text.utf8.count
    case .bytes(let data): 4 + data.count
    case .array(let values): values.reduce(4) { $0 + 1 + $1.wireSize(&longestName) }
    case .table(let table): table.wireSize(&longestName)
    }
  }
}
