import AMQP
import Baton

/// What is declared, and deleted under those who use it.
extension BrokerState {
  mutating func declare(_ topology: Topology, on id: Int) throws -> String {
    try check(id, "declare")
    for exchange in topology.exchanges {
      if exchange.passive, !exchanges.contains(exchange.name) {
        throw missing("exchange", exchange.name, on: id, isDeclaration: true)
      }
      exchanges.insert(exchange.name)
    }
    guard let declaration = topology.queue else { return "" }
    let name = try declare(declaration, on: id)
    for binding in topology.bindings {
      guard exchanges.contains(binding.exchange) else {
        throw missing("exchange", binding.exchange, on: id, isDeclaration: true)
      }
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
        throw refused(
          .resourceLocked, "it is exclusive to another connection", declaration.name, on: id, isDeclaration: true)
      }
      guard declaration.passive || found.declaration == declaration else {
        throw refused(
          .preconditionFailed, "it is there with other properties", declaration.name, on: id, isDeclaration: true)
      }
      return declaration.name
    }
    guard !declaration.passive else { throw missing("queue", declaration.name, on: id, isDeclaration: true) }
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

  mutating func keepBound(_ topologies: [Topology], on id: Int) throws {
    try check(id, "look after bindings")
    channels[id]?.kept = topologies
  }

  mutating func lookAfterBindings() {
    for (id, channel) in channels {
      do {
        for topology in channel.kept {
          var queue = topology.queue
          queue?.passive = true
          _ = try declare(Topology(queue: queue, bindings: topology.bindings), on: id)
        }
      } catch {
        closeChannel(id, with: error as? AMQPError)
      }
    }
  }

  /// Nobody is told.
  mutating func deleteExchange(_ name: String) {
    exchanges.remove(name)
    for queue in queues.keys { queues[queue]?.bindings.removeAll { $0.exchange == name } }
  }
}
