import CRabbitMQ

/// What tasks ask for, put on the wire.
extension ConnectionLoop {
  /// Opens a channel, and performs methods on it without waiting until it is open.
  func openChannel(
    _ promise: Promise<ChannelID>, performing methods: [Method], _ performed: Promise<[MethodReply]>
  ) throws {
    guard let number = (1...transport.channelMax).first(where: { channels[$0] == nil }) else {
      promise.fail(AMQPError(.invalidArgument, "all channels are in use", while: "open a channel"))
      return
    }
    lastSerial += 1
    let channel = ChannelState(id: ChannelID(number: number, serial: lastSerial), remedies: options.remedies)
    channel.opening = promise
    channels[number] = channel
    highestChannel = max(highestChannel, number)
    try transport.send(AMQP_CHANNEL_OPEN_METHOD, channel: number, amqp_channel_open_t())
    if !methods.isEmpty { try perform(methods, on: channel.id, performed) }
  }

  func closeChannel(_ id: ChannelID) throws {
    guard let channel = channel(id) else { return }
    channel.fail(code: .closed, reason: "the channel was closed", action: nil)
    channel.isClosing = true
    try transport.send(AMQP_CHANNEL_CLOSE_METHOD, channel: id.number, amqp_channel_close_t())
  }

  func perform(_ methods: [Method], on id: ChannelID, _ promise: Promise<[MethodReply]>) throws {
    guard let channel = channel(id) else {
      promise.fail(Self.noChannel(methods.first?.description ?? "use a channel"))
      return
    }
    channel.calls.append(.init(methods: methods, promise: promise, started: .now))
    for method in methods { try send(method, on: id.number) }
  }

  func consume(_ consumption: Consumption, on id: ChannelID, _ promise: Promise<[MethodReply]>) throws {
    let action = consumption.action
    guard let channel = channel(id) else {
      promise.fail(Self.noChannel(action))
      return
    }
    // Nobody waits for its reply: if it is refused, the channel ends, and the consumer with it.
    if let prefetch = consumption.prefetch { try perform([.prefetch(prefetch)], on: id, Promise()) }
    channel.calls.append(
      .init(methods: [nil], otherAction: action, startedConsumer: consumption.tag, promise: promise, started: .now))
    channel.consumers[consumption.tag] = .init(action: action, inbox: consumption.inbox)
    try transport.send(
      AMQP_BASIC_CONSUME_METHOD, channel: id.number,
      amqp_basic_consume_t(
        ticket: 0, queue: transport.encoder.bytes(consumption.queue),
        consumer_tag: transport.encoder.bytes(consumption.tag), no_local: 0, no_ack: 0,
        exclusive: consumption.exclusive ? 1 : 0, nowait: 0,
        arguments: transport.encoder.table(consumption.arguments)))
  }

  func settle(_ tag: UInt64, _ settlement: Settlement, on id: ChannelID) throws {
    guard let channel = channel(id) else { return }
    switch settlement {
    case .acknowledge:
      channel.acks.acknowledge(tag)
    case .reject, .requeue:
      guard channel.acks.settle(tag) else { return }
      try transport.send(
        AMQP_BASIC_REJECT_METHOD, channel: id.number,
        amqp_basic_reject_t(delivery_tag: tag, requeue: settlement == .requeue ? 1 : 0))
    }
  }

  private func send(_ method: Method, on id: UInt16) throws {
    func bytes(_ text: String) -> amqp_bytes_t { transport.encoder.bytes(text) }
    func flag(_ value: Bool) -> amqp_boolean_t { value ? 1 : 0 }
    switch method {
    case .declareExchange(let exchange):
      try transport.send(
        AMQP_EXCHANGE_DECLARE_METHOD, channel: id,
        amqp_exchange_declare_t(
          ticket: 0, exchange: bytes(exchange.name), type: bytes(exchange.type), passive: flag(exchange.passive),
          durable: flag(exchange.durable), auto_delete: flag(exchange.autoDelete), internal: 0, nowait: 0,
          arguments: transport.encoder.table(exchange.arguments)))
    case .declareQueue(let queue):
      try transport.send(
        AMQP_QUEUE_DECLARE_METHOD, channel: id,
        amqp_queue_declare_t(
          ticket: 0, queue: bytes(queue.name), passive: flag(queue.passive), durable: flag(queue.durable),
          exclusive: flag(queue.exclusive), auto_delete: flag(queue.autoDelete), nowait: 0,
          arguments: transport.encoder.table(queue.arguments)))
    case .bind(let queue, let exchange, let key):
      try transport.send(
        AMQP_QUEUE_BIND_METHOD, channel: id,
        amqp_queue_bind_t(
          ticket: 0, queue: bytes(queue), exchange: bytes(exchange), routing_key: bytes(key), nowait: 0,
          arguments: amqp_table_t()))
    case .unbind(let queue, let exchange, let key):
      try transport.send(
        AMQP_QUEUE_UNBIND_METHOD, channel: id,
        amqp_queue_unbind_t(
          ticket: 0, queue: bytes(queue), exchange: bytes(exchange), routing_key: bytes(key),
          arguments: amqp_table_t()))
    case .deleteExchange(let name):
      try transport.send(
        AMQP_EXCHANGE_DELETE_METHOD, channel: id,
        amqp_exchange_delete_t(ticket: 0, exchange: bytes(name), if_unused: 0, nowait: 0))
    case .deleteQueue(let name):
      try transport.send(
        AMQP_QUEUE_DELETE_METHOD, channel: id,
        amqp_queue_delete_t(ticket: 0, queue: bytes(name), if_unused: 0, if_empty: 0, nowait: 0))
    case .purgeQueue(let name):
      try transport.send(
        AMQP_QUEUE_PURGE_METHOD, channel: id, amqp_queue_purge_t(ticket: 0, queue: bytes(name), nowait: 0))
    case .prefetch(let count):
      try transport.send(
        AMQP_BASIC_QOS_METHOD, channel: id, amqp_basic_qos_t(prefetch_size: 0, prefetch_count: count, global: 0))
    case .confirmSelect:
      try transport.send(AMQP_CONFIRM_SELECT_METHOD, channel: id, amqp_confirm_select_t(nowait: 0))
    case .cancelConsumer(let tag):
      try transport.send(
        AMQP_BASIC_CANCEL_METHOD, channel: id, amqp_basic_cancel_t(consumer_tag: bytes(tag), nowait: 0))
    }
  }
}
