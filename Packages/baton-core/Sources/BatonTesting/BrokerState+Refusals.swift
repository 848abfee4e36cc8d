import AMQP

/// Refusals end the channel, as the broker's do; one of a declaration ends only what it consumes.
extension BrokerState {
  func check(_ id: Int, _ action: String) throws {
    guard channels[id] != nil else { throw AMQPError(.connectionLost, "the connection was lost", while: action) }
  }

  mutating func missing(_ kind: String, _ name: String, on id: Int, isDeclaration: Bool = false) -> AMQPError {
    refused(.notFound, "no \(kind) '\(name)'", name, on: id, isDeclaration: isDeclaration)
  }

  mutating func refused(
    _ code: AMQPError.Code, _ reason: String, _ name: String, on id: Int, isDeclaration: Bool = false
  ) -> AMQPError {
    let error = AMQPError(code, reason, while: "use '\(name)'")
    if isDeclaration { endConsumers(of: id, with: error) } else { closeChannel(id, with: error) }
    return error
  }
}
