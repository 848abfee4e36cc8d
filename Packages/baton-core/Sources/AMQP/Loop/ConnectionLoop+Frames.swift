import CRabbitMQ

/// What the broker sends, handed to whom it concerns.
extension ConnectionLoop {
  func receive(_ frame: amqp_frame_t) throws {
    guard frame.channel <= highestChannel else {
      throw AMQPError(
        .connectionLost, "a frame for channel \(frame.channel), which was never opened", while: "read from the broker")
    }
    let channel = channels[frame.channel]
    switch Int32(frame.frame_type) {
    case AMQP_FRAME_METHOD:
      try receive(frame.payload.method, on: frame.channel, channel)
    case AMQP_FRAME_HEADER:
      let header = frame.payload.properties
      guard header.class_id == AMQP_BASIC_CLASS, let fields = header.decoded else { break }
      let properties = fields.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee
      if let content = channel?.assembly.header(properties, bodySize: header.body_size) {
        channel?.receive(content)
      }
    case AMQP_FRAME_BODY:
      if let content = channel?.assembly.append(frame.payload.body_fragment) { channel?.receive(content) }
    default:
      break
    }
    transport.release(channel: frame.channel)
  }

  private func receive(_ method: amqp_method_t, on id: UInt16, _ channel: ChannelState?) throws {
    func fields<Fields>(as type: Fields.Type) -> Fields { method.decoded.assumingMemoryBound(to: type).pointee }
    switch method.id {
    case AMQP_BASIC_DELIVER_METHOD:
      let deliver = fields(as: amqp_basic_deliver_t.self)
      channel?.assembly.begin(
        .delivery(
          consumerTag: String(deliver.consumer_tag), tag: deliver.delivery_tag, redelivered: deliver.redelivered != 0,
          exchange: String(deliver.exchange), routingKey: String(deliver.routing_key)))
    case AMQP_BASIC_RETURN_METHOD:
      let returned = fields(as: amqp_basic_return_t.self)
      channel?.assembly.begin(
        .returned(
          code: Int(returned.reply_code), reason: String(returned.reply_text), exchange: String(returned.exchange),
          routingKey: String(returned.routing_key)))
    case AMQP_BASIC_ACK_METHOD:
      let ack = fields(as: amqp_basic_ack_t.self)
      channel?.confirms.settle(ack.delivery_tag, multiple: ack.multiple != 0, .accepted)
    case AMQP_BASIC_NACK_METHOD:
      let nack = fields(as: amqp_basic_nack_t.self)
      channel?.confirms.settle(nack.delivery_tag, multiple: nack.multiple != 0, .refused)
    case AMQP_QUEUE_DECLARE_OK_METHOD:
      let queue = fields(as: amqp_queue_declare_ok_t.self)
      channel?.reply(
        .queue(
          QueueStatus(
            name: String(queue.queue), messageCount: Int(queue.message_count),
            consumerCount: Int(queue.consumer_count))))
    case AMQP_BASIC_CANCEL_OK_METHOD:
      guard let channel else { return }
      channel.deliver()
      let tag = String(fields(as: amqp_basic_cancel_ok_t.self).consumer_tag)
      channel.consumers.removeValue(forKey: tag)?.inbox.finish()
      channel.reply(.done, about: tag)
    case AMQP_BASIC_CONSUME_OK_METHOD:
      channel?.reply(.done, about: String(fields(as: amqp_basic_consume_ok_t.self).consumer_tag))
    case AMQP_BASIC_CANCEL_METHOD:
      try cancelledByBroker(fields(as: amqp_basic_cancel_t.self), on: id, channel)
    case AMQP_CHANNEL_OPEN_OK_METHOD:
      if let channel { channel.opening?.succeed(channel.id) }
      channel?.opening = nil
    case AMQP_CHANNEL_CLOSE_METHOD:
      try closedByBroker(fields(as: amqp_channel_close_t.self), channelID: id, channel)
    case AMQP_CHANNEL_CLOSE_OK_METHOD:
      channels[id] = nil
    case AMQP_CONNECTION_CLOSE_METHOD:
      try closedByBroker(fields(as: amqp_connection_close_t.self))
    case AMQP_CONNECTION_CLOSE_OK_METHOD:
      try farewell()
    case AMQP_CONNECTION_BLOCKED_METHOD:
      mailbox.blocked = String(fields(as: amqp_connection_blocked_t.self).reason)
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
      mailbox.blocked = nil
    default:
      // Every other method that a broker sends to this client is the plain reply to what was asked last.
      channel?.reply(.done)
    }
  }

  /// The queue of a consumer is gone (`basic.cancel`, which comes because the capability was announced).
  private func cancelledByBroker(_ cancel: amqp_basic_cancel_t, on id: UInt16, _ channel: ChannelState?) throws {
    let tag = String(cancel.consumer_tag)
    channel?.deliver()
    if let consumer = channel?.consumers.removeValue(forKey: tag) {
      consumer.inbox.finish(
        throwing: AMQPError(
          .consumerCancelled, "the broker cancelled the consumer; its queue was deleted or moved",
          while: consumer.action))
    }
    guard cancel.nowait == 0 else { return }
    try transport.send(
      AMQP_BASIC_CANCEL_OK_METHOD, channel: id, amqp_basic_cancel_ok_t(consumer_tag: transport.encoder.bytes(tag)))
  }

  /// The broker ends one channel in words; the connection lives on.
  private func closedByBroker(_ close: amqp_channel_close_t, channelID id: UInt16, _ channel: ChannelState?) throws {
    let reason = String(close.reply_text)
    // Closed from both sides at once: its number is free only when the reply to ours has come.
    if channel?.isClosing != true { channels[id] = nil }
    channel?.fail(code: .init(rawValue: Int(close.reply_code)), reason: reason, action: nil)
    try transport.send(AMQP_CHANNEL_CLOSE_OK_METHOD, channel: id, amqp_channel_close_ok_t())
  }
}

extension ChannelState {
  fileprivate func receive(_ content: Assembly.Content) {
    switch content.start {
    case .delivery(let consumerTag, let tag, let redelivered, let exchange, let routingKey):
      consumers[consumerTag]?.batch.append(
        Delivery(
          consumerTag: consumerTag, tag: tag, redelivered: redelivered, exchange: exchange, routingKey: routingKey,
          properties: content.properties, body: content.body, bodySize: content.bodySize))
    case .returned(let code, let reason, let exchange, let routingKey):
      confirms.markReturned(
        exchange: exchange, routingKey: routingKey, messageID: content.properties.messageID,
        .returned(code: code, reason: reason))
    }
  }
}
