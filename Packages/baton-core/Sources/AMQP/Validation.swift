// What cannot be put on the wire is refused before it is sent: librabbitmq would cut it, or the connection would end over it.

extension Method {
  func validate() throws {
    var action: String { "\(self)" }
    switch self {
    case .declareExchange(let exchange):
      try Wire.checkShort([exchange.name, exchange.type], action)
      try exchange.arguments.validate(action)
    case .declareQueue(let queue):
      try Wire.checkShort([queue.name], action)
      try queue.arguments.validate(action)
    case .bind(let queue, let exchange, let key), .unbind(let queue, let exchange, let key):
      try Wire.checkShort([queue, exchange, key], action)
    case .deleteExchange(let name), .deleteQueue(let name), .purgeQueue(let name), .cancelConsumer(let name):
      try Wire.checkShort([name], action)
    case .prefetch, .confirmSelect: return
    }
  }
}

extension Consumption {
  func validate() throws {
    try Wire.checkShort([queue], action)
    try arguments.validate(action)
  }
}

extension Publishing {
  func validate() throws {
    var action: String { "publish to '\(exchange)'" }
    try Wire.checkShort(exchange, action)
    try Wire.checkShort(routingKey, action)
    try Wire.checkShort(properties.contentType, action)
    try Wire.checkShort(properties.contentEncoding, action)
    try Wire.checkShort(properties.correlationID, action)
    try Wire.checkShort(properties.replyTo, action)
    try Wire.checkShort(properties.expiration, action)
    try Wire.checkShort(properties.messageID, action)
    try Wire.checkShort(properties.type, action)
    try Wire.checkShort(properties.userID, action)
    try Wire.checkShort(properties.appID, action)
    try properties.headers.validate(action)
  }
}

private enum Wire {
  /// What a table may take of a frame: the rest is for all the short strings that can stand beside it.
  static let tableSize = Int(ConnectionOptions.frameMax) - 4096

  static func checkShort(_ texts: [String], _ action: @autoclosure () -> String) throws {
    for text in texts { try checkShort(text, action()) }
  }

  static func checkShort(_ text: String?, _ action: @autoclosure () -> String) throws {
    guard let text, text.utf8.count > 255 else { return }
    throw AMQPError(
      .invalidArgument, "a name, key or property has at most 255 bytes, this has \(text.utf8.count)", while: action())
  }
}

extension FieldTable {
  fileprivate func validate(_ action: @autoclosure () -> String) throws {
    guard !isEmpty else { return }
    let size = try encodedSize(action())
    guard size <= Wire.tableSize else {
      throw AMQPError(
        .invalidArgument, "headers or arguments have at most \(Wire.tableSize) bytes, these have \(size)",
        while: action())
    }
  }

  /// With the four bytes that tell the size.
  fileprivate func encodedSize(_ action: @autoclosure () -> String) throws -> Int {
    try reduce(4) { size, entry in
      guard (1...255).contains(entry.key.utf8.count) else {
        throw AMQPError(
          .invalidArgument, "a header or argument's name has 1 to 255 bytes, this has \(entry.key.utf8.count)",
          while: action())
      }
      return size + 1 + entry.key.utf8.count + (try entry.value.encodedSize(action()))
    }
  }
}

extension FieldValue {
  /// With the byte that tells the kind.
  fileprivate func encodedSize(_ action: @autoclosure () -> String) throws -> Int {
    switch self {
    case .void: 1
    case .bool: 2
    case .int, .double, .timestamp: 9
    case .string(let text): 5 + text.utf8.count
    case .bytes(let bytes): 5 + bytes.count
    case .array(let values): try values.reduce(5) { try $0 + $1.encodedSize(action()) }
    case .table(let table): 1 + (try table.encodedSize(action()))
    }
  }
}
