import AMQP

/// What goes with a signed request: who says it, when, for how long, and a number that is never used again.
struct SignatureHeaders: Sendable, Hashable {
  static let keyID = "baton-key-id"
  static let sentAt = "baton-sent-at-ms"
  static let timeToLive = "baton-ttl-ms"
  static let nonce = "baton-nonce"
  static let signature = "baton-signature"

  var keyID: String
  /// Milliseconds since 1970.
  var sentAt: Int64
  var timeToLive: Int64
  var nonce: String

  init(keyID: String, sentAt: Int64, timeToLive: Int64, nonce: String) {
    self.keyID = keyID
    self.sentAt = sentAt
    self.timeToLive = timeToLive
    self.nonce = nonce
  }

  /// Nil unless all of them are there.
  init?(_ headers: FieldTable) {
    guard let keyID = headers[Self.keyID]?.string, let sentAt = headers[Self.sentAt]?.int,
      let timeToLive = headers[Self.timeToLive]?.int, let nonce = headers[Self.nonce]?.string
    else { return nil }
    self.init(keyID: keyID, sentAt: sentAt, timeToLive: timeToLive, nonce: nonce)
  }

  /// Whether there is any of them: then it wants to be a signed request.
  static func areIn(_ headers: FieldTable) -> Bool {
    [keyID, sentAt, timeToLive, nonce, signature].contains { headers[$0] != nil }
  }

  var table: FieldTable {
    [
      Self.keyID: .string(keyID), Self.sentAt: .int(sentAt), Self.timeToLive: .int(timeToLive),
      Self.nonce: .string(nonce),
    ]
  }

  /// What is signed: all that would change what the request does. Each part has its length before it, so that no byte can move from one
  /// to the next.
  func text(exchange: String, routingKey: String, messageID: String?, body: [UInt8]) -> [UInt8] {
    let parts = [
      "baton-signature-1", keyID, "\(sentAt)", "\(timeToLive)", nonce, exchange, routingKey, messageID ?? "",
    ]
    return (parts.map { Array($0.utf8) } + [body]).flatMap { Array("\($0.count):".utf8) + $0 + [0x0A] }
  }
}
