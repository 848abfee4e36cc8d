import AMQP
import Baton

/// The way of a message to the queues.
extension BrokerState {
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
  mutating func route(_ publishing: Publishing, on id: Int) throws -> [String] {
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
}
