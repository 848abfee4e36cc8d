import AMQP
import TestSupport

extension RealBroker {
  /// A name that nothing else on the broker has.
  static func unique(_ kind: String) -> String { "test-\(kind)-\(UInt64.random(in: 0 ... .max))" }

  /// A channel with confirms on a connection of its own, and a queue that goes with the connection.
  static func channelAndQueue() async throws -> (channel: Channel, queue: String) {
    let channel = try await Connection.open(options).channel()
    let queue = QueueDeclaration("", durable: false, exclusive: true)
    let status = try await channel.perform([.confirmSelect, .declareQueue(queue)])
    return (channel, status.first?.name ?? "")
  }
}

extension Channel {
  /// How many messages wait in a queue.
  func messageCount(of queue: String) async throws -> Int? {
    try await perform([.declareQueue(QueueDeclaration(queue, passive: true))]).first?.messageCount
  }
}

extension Publishing {
  /// A message straight to a queue.
  init(to queue: String, _ body: [UInt8] = [], mandatory: Bool = false) {
    self.init(exchange: "", routingKey: queue, mandatory: mandatory, body: body)
  }
}

extension Deliveries {
  /// The next so many deliveries, one by one as they come in batches; an error if the sequence ends before.
  func first(_ count: Int) async throws -> [Delivery] {
    var found: [Delivery] = []
    for try await batch in self {
      found += batch
      if found.count >= count { return found }
    }
    throw CancellationError()
  }
}
