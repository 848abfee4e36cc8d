import AMQP

/// The loop of a consumer: a delivery in, the handler found by its type, what it says handed to the observers, the delivery
/// acknowledged.
///
/// What cannot be read, is meant for somebody else, has no handler, or throws becomes one `error` message; the loop goes on.
struct ConsumerManager: Sendable {
  let server: Server
  let observers: [any Observer]
  let logger: Logger
  /// The keys that this server listens to, with and without its own name behind them.
  let routingKeys: Set<String>
  private let handlers: [String: Handler]

  init(consumer: any Consumer, server: Server, observers: [any Observer], logger: Logger) {
    self.server = server
    self.observers = observers
    self.logger = logger
    routingKeys = Set(consumer.routingKeys(on: server).flatMap { [$0, "\($0).\(server.fqdn)"] })
    handlers = Dictionary(consumer.handlers.map { ($0.type, $0) }) { first, _ in first }
  }

  /// Handles deliveries until the subscription is cancelled; throws when its queue, channel or connection is lost.
  func run(_ subscription: Subscription, on pool: HandlerPool) async throws {
    for try await batch in subscription.deliveries {
      for delivery in batch {
        pool.run {
          await handle(delivery)
          subscription.settle(delivery, .acknowledge)
        }
      }
    }
  }

  func handle(_ delivery: Delivery) async {
    let message: AnyMessage
    do {
      message = try AnyMessage(delivery)
    } catch {
      logger.warning("Unreadable request", ["reason": error.reason, "bytes": "\(delivery.bodySize)"])
      await say(Failure("Unreadable", error.reason), answering: delivery.properties)
      return
    }
    let context = Context(server: server, request: message, logger: logger, observers: observers)
    do {
      try checkTarget(of: message)
      guard let handler = handlers[message.type] else {
        throw Failure(
          "UnknownType",
          "no handler for '\(message.type)'; this service takes \(handlers.keys.sorted().joined(separator: ", "))")
      }
      try await handler.handle(message, context)
    } catch let unreadable as Unreadable {
      await context.say(Failure("Unreadable", unreadable.reason))
    } catch {
      await context.say(Failure(error))
    }
  }

  /// A request that names one host is for no other, and for no other key than the one that it was published with.
  private func checkTarget(of message: AnyMessage) throws(Failure) {
    if let fqdn = message.properties.headers[Headers.fqdn]?.string, fqdn != server.fqdn {
      throw Failure("Misdirected", "this is '\(server.fqdn)', and the request is for '\(fqdn)'")
    }
    if let key = message.properties.headers[Headers.key]?.string, !routingKeys.contains(key) {
      throw Failure("Misdirected", "the request is for the key '\(key)', which this host does not listen to")
    }
  }

  private func say(_ failure: Failure, answering request: Properties) async {
    guard let output = try? Output(failure, from: server, answering: request) else { return }
    for observer in observers { await observer.observe(output) }
  }
}
