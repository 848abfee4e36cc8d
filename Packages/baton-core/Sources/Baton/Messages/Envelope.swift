/// A body: the members of a message, of its sender where it has one, and `type`, side by side.
struct Envelope<M: Message>: Encodable {
  let message: M
  let sender: Server?

  func encode(to encoder: any Encoder) throws {
    try sender?.encode(to: encoder)
    try message.encode(to: encoder)
    var container = encoder.container(keyedBy: TypeKey.self)
    try container.encode(M.type, forKey: .type)
  }

  enum TypeKey: String, CodingKey {
    case type
  }
}

extension Message {
  /// The body to publish: what a request is when it has no sender, an answer when it has one.
  func body(from sender: Server? = nil) throws -> [UInt8] {
    try MemberEncoder.encode(Envelope(message: self, sender: sender))
  }
}
