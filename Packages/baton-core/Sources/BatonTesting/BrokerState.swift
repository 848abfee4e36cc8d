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

  struct Unsettled {
    let queue: String
    let consumerTag: String
    let message: Message
  }

  struct OpenChannel {
    var lastTag: UInt64 = 0
    var lastConsumer = 0
    var unsettled: [UInt64: Unsettled] = [:]
    /// What it looks after.
    var kept: [Topology] = []
    /// Who waits for a change of ``BrokerState/blocked``.
    var waitingForBlocked: [Promise<String?>] = []
  }

  var exchanges: Set<String> = []
  var queues: [String: Queue] = [:]
  private(set) var blocked: String?
  var refusal: AMQPError?
  var fate: Confirm?
  var channels: [Int: OpenChannel] = [:]
  private var lastChannel = 0
  var lastQueue = 0
  /// What was published while messages are not taken.
  private var waiting: [(messages: [Publishing], channel: Int, confirms: Promise<[Confirm]>)] = []

  // MARK: - Channels

  mutating func openChannel() throws -> Int {
    if let refusal { throw refusal }
    lastChannel += 1
    channels[lastChannel] = OpenChannel()
    return lastChannel
  }

  /// Ends a channel: its unsettled messages go back, its exclusive queues and its consumers go.
  mutating func closeChannel(_ id: Int, with error: AMQPError?) {
    endConsumers(of: id, with: error)
    guard let channel = channels.removeValue(forKey: id) else { return }
    let reason = error ?? AMQPError(.closed, "the channel was closed", while: "go on")
    for promise in channel.waitingForBlocked { promise.fail(reason) }
    for held in waiting where held.channel == id { held.confirms.fail(reason) }
    waiting.removeAll { $0.channel == id }
    for (name, queue) in queues where queue.declaration.exclusive && queue.owner == id { queues[name] = nil }
  }

  /// Ends what a channel consumes; the broker closes it over a declaration, and its connection opens another.
  mutating func endConsumers(of id: Int, with error: AMQPError?) {
    guard let channel = channels[id] else { return }
    for (name, queue) in queues {
      for consumer in queue.consumers where consumer.channel == id { consumer.inbox.finish(throwing: error) }
      queues[name]?.consumers.removeAll { $0.channel == id }
    }
    channels[id]?.unsettled = [:]
    for (_, unsettled) in channel.unsettled.sorted(by: { $0.key > $1.key }) { giveBack(unsettled) }
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
    let held = waiting
    waiting = []
    for (messages, id, confirms) in held { publish(messages, on: id, confirms: confirms) }
  }

  mutating func blocked(otherThan known: String?, on id: Int) throws -> Promise<String?> {
    try check(id, "watch for alarms")
    let promise = Promise<String?>()
    if blocked == known { channels[id]?.waitingForBlocked.append(promise) } else { promise.succeed(blocked) }
    return promise
  }

  /// Takes messages, or holds them until it does.
  mutating func publish(_ messages: [Publishing], on id: Int, confirms: Promise<[Confirm]>) {
    guard blocked == nil else { return waiting.append((messages, id, confirms)) }
    do {
      confirms.succeed(try messages.map { try publish($0, on: id) })
    } catch {
      confirms.fail(error)
    }
  }
}
