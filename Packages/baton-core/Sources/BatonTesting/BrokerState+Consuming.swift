import AMQP
import Baton

/// The way of a message from a queue to its consumers, and back.
extension BrokerState {
  mutating func consume(_ name: String, prefetch: Int, on id: Int) throws -> (tag: String, inbox: Inbox) {
    try check(id, "consume")
    guard queues[name] != nil else { throw missing("queue", name, on: id) }
    channels[id]?.lastConsumer += 1
    let tag = "\(id).\(channels[id]?.lastConsumer ?? 0)"
    let inbox = Inbox()
    queues[name]?.consumers.append(Consumer(channel: id, tag: tag, prefetch: prefetch, inbox: inbox))
    dispatch(name)
    return (tag, inbox)
  }

  mutating func cancel(_ tag: String, on id: Int) {
    for (name, queue) in queues {
      guard let consumer = queue.consumers.first(where: { $0.channel == id && $0.tag == tag }) else { continue }
      queues[name]?.consumers.removeAll { $0.channel == id && $0.tag == tag }
      consumer.inbox.finish()
      if queue.declaration.autoDelete, queues[name]?.consumers.isEmpty == true {
        queues[name] = nil
      } else {
        dispatch(name)
      }
    }
  }

  mutating func settle(_ tag: UInt64, _ settlement: Settlement, on id: Int) {
    guard let unsettled = channels[id]?.unsettled.removeValue(forKey: tag) else { return }
    if let index = queues[unsettled.queue]?.consumers.firstIndex(where: { $0.tag == unsettled.consumerTag }) {
      queues[unsettled.queue]?.consumers[index].unsettled -= 1
    }
    switch settlement {
    case .acknowledge: break
    case .reject: deadLetter(unsettled)
    case .requeue: giveBack(unsettled)
    }
    dispatch(unsettled.queue)
  }

  mutating func giveBack(_ unsettled: Unsettled) {
    var message = unsettled.message
    message.redelivered = true
    queues[unsettled.queue]?.ready.insert(message, at: 0)
  }

  private mutating func deadLetter(_ unsettled: Unsettled) {
    let arguments = queues[unsettled.queue]?.declaration.arguments ?? [:]
    guard let exchange = arguments["x-dead-letter-exchange"]?.string else { return }
    var publishing = unsettled.message.publishing
    publishing.exchange = exchange
    publishing.routingKey = arguments["x-dead-letter-routing-key"]?.string ?? publishing.routingKey
    for name in (try? route(publishing, on: 0)) ?? [] {
      queues[name]?.ready.append(Message(publishing: publishing))
      dispatch(name)
    }
  }

  /// Hands out what is ready to consumers that may have more, in turn.
  mutating func dispatch(_ name: String) {
    while var queue = queues[name], !queue.ready.isEmpty {
      let candidates =
        queue.declaration.arguments["x-single-active-consumer"] == true
        ? queue.consumers.prefix(1) : queue.consumers[...]
      guard let index = candidates.firstIndex(where: { $0.unsettled < $0.prefetch }) else { return }
      var consumer = queue.consumers[index]
      let message = queue.ready.removeFirst()
      channels[consumer.channel, default: OpenChannel()].lastTag += 1
      let tag = channels[consumer.channel]?.lastTag ?? 0
      channels[consumer.channel]?.unsettled[tag] = Unsettled(queue: name, consumerTag: consumer.tag, message: message)
      consumer.unsettled += 1
      queue.consumers[index] = consumer
      if candidates.count > 1 { queue.consumers.append(queue.consumers.remove(at: index)) }
      queues[name] = queue
      consumer.inbox.put([
        Delivery(
          consumerTag: consumer.tag, tag: tag, redelivered: message.redelivered,
          exchange: message.publishing.exchange, routingKey: message.publishing.routingKey,
          properties: message.publishing.properties, body: message.publishing.body)
      ])
    }
  }
}
