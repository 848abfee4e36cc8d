import AMQP
import Baton

/// Everything that the in-memory broker holds. Each method leaves it whole: what could be delivered has been.
struct BrokerState {
  struct Message {
    var publishing: Publishing
    var redelivered = false
  }

  struct Queue {
    let declaration: QueueDeclaration
    /// The channel whose end is the end of an exclusive queue.
    let owner: Int
    var bindings: [(exchange: String, key: String)] = []
    var ready: [Message] = []
    /// In the order in which they came; the first is next.
    var consumers: [Consumer] = []
  }

  struct Consumer {
    let channel: Int
    let tag: String
    let prefetch: Int
    let inbox: Inbox
    var unsettled = 0
  }

  private struct Unsettled {
    let queue: String
    let consumerTag: String
    let message: Message
  }

  private struct OpenChannel {
    var lastTag: UInt64 = 0
    var lastConsumer = 0
    var unsettled: [UInt64: Unsettled] = [:]
    /// Who waits for a change of ``BrokerState/blocked``.
    var waitingForBlocked: [Promise<String?>] = []
  }

  private(set) var exchanges: Set<String> = []
  private(set) var queues: [String: Queue] = [:]
  private(set) var blocked: String?
  var refusal: AMQPError?
  var fate: Confirm?
  private var channels: [Int: OpenChannel] = [:]
  private var lastChannel = 0
  private var lastQueue = 0
  private var waiting: [Promise<Void>] = []

  // MARK: - Channels

  mutating func openChannel() throws -> Int {
    if let refusal { throw refusal }
    lastChannel += 1
    channels[lastChannel] = OpenChannel()
    return lastChannel
  }

  /// Ends a channel: its unsettled messages go back, its exclusive queues and its consumers go.
  mutating func closeChannel(_ id: Int, with error: AMQPError?) {
    guard let channel = channels.removeValue(forKey: id) else { return }
    let reason = error ?? AMQPError(.closed, "the channel was closed", while: "go on")
    for promise in channel.waitingForBlocked { promise.fail(reason) }
    for (name, queue) in queues {
      for consumer in queue.consumers where consumer.channel == id { consumer.inbox.finish(throwing: error) }
      queues[name]?.consumers.removeAll { $0.channel == id }
    }
    for (_, unsettled) in channel.unsettled.sorted(by: { $0.key > $1.key }) { giveBack(unsettled) }
    for (name, queue) in queues where queue.declaration.exclusive && queue.owner == id { queues[name] = nil }
    for name in queues.keys { dispatch(name) }
  }

  mutating func disconnectAll() {
    for id in channels.keys {
      closeChannel(id, with: AMQPError(.connectionLost, "the connection was lost", while: "stay connected"))
    }
  }

  mutating func setBlocked(_ reason: String?) {
    blocked = reason
    for id in channels.keys {
      for promise in channels[id]?.waitingForBlocked ?? [] { promise.succeed(reason) }
      channels[id]?.waitingForBlocked = []
    }
    guard reason == nil else { return }
    for promise in waiting { promise.succeed(()) }
    waiting = []
  }

  mutating func blocked(otherThan known: String?, on id: Int) throws -> Promise<String?> {
    try check(id, "watch for alarms")
    let promise = Promise<String?>()
    if blocked == known { channels[id]?.waitingForBlocked.append(promise) } else { promise.succeed(blocked) }
    return promise
  }

  /// What a publisher has to wait for, while messages are not taken.
  mutating func waitWhileBlocked() -> Promise<Void>? {
    guard blocked != nil else { return nil }
    let promise = Promise<Void>()
    waiting.append(promise)
    return promise
  }

  // MARK: - Declaring

  mutating func declare(_ topology: Topology, on id: Int) throws -> String {
    try check(id, "declare")
    for exchange in topology.exchanges {
      if exchange.passive, !exchanges.contains(exchange.name) {
        throw missing("exchange", exchange.name, on: id)
      }
      exchanges.insert(exchange.name)
    }
    guard let declaration = topology.queue else { return "" }
    let name = try declare(declaration, on: id)
    for binding in topology.bindings {
      guard exchanges.contains(binding.exchange) else { throw missing("exchange", binding.exchange, on: id) }
      let key = if case .key(let key) = binding.key { key } else { name }
      let isBound = queues[name]?.bindings.contains { $0 == (binding.exchange, key) } == true
      if !isBound { queues[name]?.bindings.append((binding.exchange, key)) }
    }
    return name
  }

  private mutating func declare(_ declaration: QueueDeclaration, on id: Int) throws -> String {
    var declaration = declaration
    if declaration.name.isEmpty {
      lastQueue += 1
      declaration.name = "amq.gen-\(lastQueue)"
    }
    if let found = queues[declaration.name] {
      if found.declaration.exclusive, found.owner != id {
        throw refused(.resourceLocked, "it is exclusive to another connection", declaration.name, on: id)
      }
      guard declaration.passive || found.declaration == declaration else {
        throw refused(.preconditionFailed, "it is there with other properties", declaration.name, on: id)
      }
      return declaration.name
    }
    guard !declaration.passive else { throw missing("queue", declaration.name, on: id) }
    queues[declaration.name] = Queue(declaration: declaration, owner: id)
    return declaration.name
  }

  mutating func deleteQueue(_ name: String) {
    guard let queue = queues.removeValue(forKey: name) else { return }
    for consumer in queue.consumers {
      consumer.inbox.finish(
        throwing: AMQPError(.consumerCancelled, "the queue was deleted", while: "consume from '\(name)'"))
    }
  }

  mutating func cancelConsumers(of name: String) {
    guard let queue = queues[name] else { return }
    queues[name]?.consumers = []
    for consumer in queue.consumers {
      consumer.inbox.finish(
        throwing: AMQPError(.consumerCancelled, "the broker cancelled it", while: "consume from '\(name)'"))
      let unsettled = (channels[consumer.channel]?.unsettled ?? [:]).filter { $0.value.consumerTag == consumer.tag }
      for (tag, message) in unsettled.sorted(by: { $0.key > $1.key }) {
        channels[consumer.channel]?.unsettled[tag] = nil
        giveBack(message)
      }
    }
  }

  /// Nobody is told.
  mutating func deleteExchange(_ name: String) {
    exchanges.remove(name)
    for queue in queues.keys { queues[queue]?.bindings.removeAll { $0.exchange == name } }
  }

  // MARK: - Publishing

  mutating func publish(_ publishing: Publishing, on id: Int) throws -> Confirm {
    try check(id, "publish")
    guard publishing.exchange.isEmpty || exchanges.contains(publishing.exchange) else {
      throw missing("exchange", publishing.exchange, on: id)
    }
    if let fate { return fate }
    let names = try route(publishing, on: id)
    for name in names {
      queues[name]?.ready.append(Message(publishing: publishing))
      dispatch(name)
    }
    return names.isEmpty && publishing.mandatory ? .returned(code: 312, reason: "NO_ROUTE") : .accepted
  }

  /// Each queue once, whichever of the keys leads to it.
  private mutating func route(_ publishing: Publishing, on id: Int) throws -> [String] {
    var keys = [publishing.routingKey]
    switch publishing.properties.headers["CC"] {
    case nil: break
    case .array(let copies): keys += copies.compactMap(\.string)
    default: throw refused(.preconditionFailed, "CC is not an array of strings", publishing.exchange, on: id)
    }
    if publishing.exchange.isEmpty { return keys.filter { queues[$0] != nil } }
    return queues.filter { _, queue in
      queue.bindings.contains { $0.exchange == publishing.exchange && keys.contains($0.key) }
    }.keys.sorted()
  }

  // MARK: - Consuming

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

  private mutating func giveBack(_ unsettled: Unsettled) {
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
  private mutating func dispatch(_ name: String) {
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

  // MARK: - Refusals, which end the channel as the broker's do

  private func check(_ id: Int, _ action: String) throws {
    guard channels[id] != nil else { throw AMQPError(.connectionLost, "the connection was lost", while: action) }
  }

  private mutating func missing(_ kind: String, _ name: String, on id: Int) -> AMQPError {
    refused(.notFound, "no \(kind) '\(name)'", name, on: id)
  }

  private mutating func refused(_ code: AMQPError.Code, _ reason: String, _ name: String, on id: Int) -> AMQPError {
    let error = AMQPError(code, reason, while: "use '\(name)'")
    closeChannel(id, with: error)
    return error
  }
}
