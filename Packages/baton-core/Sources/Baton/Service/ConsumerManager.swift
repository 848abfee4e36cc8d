import AMQP

/// The loop of a consumer: a delivery in, the handler found by its type, what it says handed to the observers, the delivery
/// acknowledged.
///
/// What cannot be read, is meant for somebody else, has no handler, or throws becomes one `error` message; the loop goes on.
struct ConsumerManager: Sendable {
  let voice: Voice
  /// The keys that this server listens to, with and without its own name behind them.
  let routingKeys: Set<String>
  private let handlers: [String: Handler]

  init(consumer: any Consumer, voice: Voice) {
    self.voice = voice
    let server = voice.server
    routingKeys = Set(consumer.routingKeys(on: server).flatMap { [$0, "\($0).\(server.fqdn)"] })
    handlers = Dictionary(consumer.handlers.map { ($0.type, $0) }) { first, _ in first }
  }

  /// Handles deliveries until the subscription is cancelled; throws when its queue, channel or connection is lost.
  ///
  /// - Parameter executor: where handlers run; nil: anywhere.
  func run(_ subscription: Subscription, on pool: HandlerPool, executor: (any TaskExecutor)? = nil) async throws {
    for try await batch in subscription.deliveries {
      for delivery in batch {
        pool.run(on: executor) {
          // Of a second time nothing is said.
          let acknowledge = { @Sendable in subscription.settle(delivery, .acknowledge) }
          await handle(delivery, acknowledge: acknowledge)
          acknowledge()
        }
      }
    }
  }

  /// - Parameter acknowledge: may be called before the handler ends, and more than once.
  func handle(_ delivery: Delivery, acknowledge: @escaping @Sendable () -> Void = {}) async {
    let message: AnyMessage
    do {
      message = try AnyMessage(delivery)
    } catch {
      voice.logger.warning("Unreadable request", ["reason": error.reason, "bytes": "\(delivery.bodySize)"])
      voice.say(Failure("Unreadable", error.reason), answering: delivery.properties)
      return
    }
    let context = Context(voice: voice, request: message, acknowledge: acknowledge)
    do {
      try checkTarget(of: message)
      guard let handler = handlers[message.type] else {
        throw Failure(
          "UnknownType",
          "no handler for '\(message.type)'; this service takes \(handlers.keys.sorted().joined(separator: ", "))")
      }
      try await handler.handle(message, context)
    } catch let unreadable as Unreadable {
      context.say(Failure("Unreadable", unreadable.reason))
    } catch let message as any Message & Error {
      // A service's own kind of failure has members of its own.
      context.say(message)
    } catch {
      context.say(Failure(error))
    }
  }

  /// A request that names one host is for no other, and for no other key than the one that it was published with.
  private func checkTarget(of message: AnyMessage) throws(Failure) {
    if let fqdn = message.properties.headers[Headers.fqdn]?.string, fqdn != voice.server.fqdn {
      throw Failure("Misdirected", "this is '\(voice.server.fqdn)', and the request is for '\(fqdn)'")
    }
    if let key = message.properties.headers[Headers.key]?.string, !routingKeys.contains(key) {
      throw Failure("Misdirected", "the request is for the key '\(key)', which this host does not listen to")
    }
  }
}
