import CRabbitMQ

/// What tasks have left, in its order, for as long as the socket takes it.
extension ConnectionLoop {
  func sendBacklog() throws {
    let gathers = backlog.isWorthGathering
    if gathers { transport.gather(true) }
    defer { if gathers { transport.gather(false) } }
    while let command = backlog.first {
      guard maySend() else { return }
      budget -= 64
      if case .publish(let messages, let id, let promise) = command {
        guard let channel = channel(id) else {
          promise.fail(Self.noChannel("publish"))
          backlog.dropFirst()
          continue
        }
        let batch = backlog.batch ?? ConfirmWindow.Batch(count: messages.count, promise: promise)
        backlog.batch = batch
        let publishing = messages[backlog.published]
        if backlog.sentOfBody == nil {
          channel.confirms.append(publishing, batch: batch, index: backlog.published)
        }
        let sent = try transport.publish(publishing, after: backlog.sentOfBody, channel: id.number)
        budget -= sent - (backlog.sentOfBody ?? 0) + 256
        if sent == publishing.body.count {
          backlog.publishedOne(of: messages.count)
        } else {
          backlog.sentOfBody = sent
        }
      } else {
        backlog.dropFirst()
        try execute(command)
      }
    }
    guard hasAcks, maySend() else { return }
    for (id, channel) in channels {
      for ack in channel.acks.flush() {
        try transport.send(
          AMQP_BASIC_ACK_METHOD, channel: id,
          amqp_basic_ack_t(delivery_tag: ack.tag, multiple: ack.multiple ? 1 : 0))
        budget -= 64
      }
    }
  }

  /// Looks at the socket when what it was known to take is used up.
  private func maySend() -> Bool {
    guard budget <= 0 else { return true }
    guard transport.isWritable() else { return false }
    watchdog.enter(transport.descriptor, at: .now)
    budget = Transport.bytesPerLook
    return true
  }

  var hasAcks: Bool { channels.values.contains { !$0.acks.isEmpty } }

  private func execute(_ command: Mailbox.Command) throws {
    switch command {
    case .openChannel(let methods, let promise, let performed): try openChannel(promise, performing: methods, performed)
    case .closeChannel(let id): try closeChannel(id)
    case .perform(let methods, let id, let promise): try perform(methods, on: id, promise)
    case .keepUp(let methods, let id): channel(id)?.upkeep = methods.isEmpty ? nil : Upkeep(methods, at: .now)
    case .consume(let consumption, let id, let promise): try consume(consumption, on: id, promise)
    case .settle(let tag, let settlement, let id): try settle(tag, settlement, on: id)
    case .publish: return
    case .close(let promise):
      closing = (promise, .now)
      try transport.send(
        AMQP_CONNECTION_CLOSE_METHOD, channel: 0,
        amqp_connection_close_t(
          reply_code: 200, reply_text: transport.encoder.bytes("bye"), class_id: 0, method_id: 0))
    }
  }

  func fail(_ command: Mailbox.Command, _ error: AMQPError) {
    switch command {
    case .openChannel(_, let promise, _): promise.fail(error)
    case .perform(_, _, let promise), .consume(_, _, let promise): promise.fail(error)
    case .publish(_, _, let promise): promise.fail(error)
    case .close(let promise): promise.succeed(())
    case .closeChannel, .keepUp, .settle: return
    }
  }

  /// The channel that a command was meant for, if it is still open.
  func channel(_ id: ChannelID) -> ChannelState? {
    guard let channel = channels[id.number], channel.id == id, !channel.isClosing else { return nil }
    return channel
  }

  static func noChannel(_ action: String) -> AMQPError {
    AMQPError(.closed, "its channel is closed", while: action)
  }
}
