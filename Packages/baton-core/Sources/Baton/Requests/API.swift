public import AMQP

/// The entry point for requests: publishes to the input exchange of an extension, and collects what comes out.
///
/// Extensions give it meaningful methods (`PingAPI.ping`). Each call has a connection of its own, which ends with it.
public struct API: Sendable {
  /// The extension's name: `baton_ping`.
  public let name: String
  private let broker: any Broker
  private let user: String?
  private let durable: Bool
  private let clock: any Clock<Duration>

  /// - Parameters:
  ///   - user: the broker's user, which goes with each request; the broker refuses a forged one.
  ///   - durable: how the exchanges are declared where they are missing.
  public init(
    _ name: String, broker: any Broker, user: String? = nil, durable: Bool = true,
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.name = name
    self.broker = broker
    self.user = user
    self.durable = durable
    self.clock = clock
  }

  /// Publishes a request and waits for no answer, only for the broker to say of each target whether anybody listens there.
  ///
  /// Throws `AMQPError` as ``ask(_:of:until:legacy:)`` does; the broker has `deadline` to take the request over.
  @discardableResult
  public func send<R: Request>(
    _ request: R, to targets: [Target], timeToLive: Duration = .seconds(60), deadline: Duration = .seconds(10)
  ) async throws -> [Target: Confirm] {
    let channel = try await broker.channel()
    do {
      _ = try await channel.declare(Topology(exchanges: exchanges.declarations(durable: durable)))
      let publishings = try publishings(
        of: request, to: targets, correlationID: MessageID.new(), timeToLive: timeToLive)
      let confirmations = try await channel.publish(publishings, within: deadline, while: "send", clock: clock)
      await channel.close()
      return Dictionary(zip(targets, confirmations)) { first, _ in first }
    } catch {
      await channel.close()
      throw error
    }
  }

  /// Asks, and gives the answers as they come.
  ///
  /// Throws `AMQPError` when the broker cannot be reached, refuses us, or takes no messages (`.blocked`).
  /// - Parameter legacy: also take the answers of hosts that run the Ruby gem.
  public func ask<R: Request>(
    _ request: R, of targets: [Target], until ending: Ending = Ending(), legacy: Bool = false
  ) -> Answers<R.Reply> {
    Answers { continuation in
      let channel = try await broker.channel()
      do {
        let inquiry = Inquiry<R>(
          targets: targets, count: ending.count, legacy: legacy, correlationID: MessageID.new())
        let queue = try await channel.declare(replyTopology(legacy: legacy))
        let subscription = try await channel.consume(queue, prefetch: 1000)
        var asking = Asking(
          channel: channel, subscription: subscription, inquiry: inquiry, ending: ending, clock: clock
        ) { targets in
          try publishings(
            of: request, to: targets, correlationID: inquiry.correlationID, timeToLive: ending.deadline, replyTo: queue)
        }
        try await asking.run { continuation.yield($0) }
        await channel.close()
      } catch {
        await channel.close()
        throw error
      }
    }
  }

  /// Asks, and gives the final answers once `count` hosts have given theirs, or at the deadline.
  public func ask<R: Request>(
    _ request: R, of target: Target, count: Int, deadline: Duration = .seconds(2)
  ) async throws -> [Answer<R.Reply>] {
    var answers: [Answer<R.Reply>] = []
    for try await answer in ask(request, of: [target], until: Ending(deadline: deadline, count: count))
    where answer.isFinal {
      answers.append(answer)
    }
    return answers
  }

  private var exchanges: ExchangeNames { ExchangeNames(name) }

  /// The requester's own queue, bound under its own name: what `reply_to` means everywhere in AMQP.
  private func replyTopology(legacy: Bool) -> Topology {
    var bindings = [Topology.Binding(exchanges.output, .queueName)]
    if legacy { bindings.append(.init(exchanges.output, .key(""))) }
    return Topology(exchanges: exchanges.declarations(durable: durable), queue: .serverNamed, bindings: bindings)
  }

  private func publishings<R: Request>(
    of request: R, to targets: [Target], correlationID: String, timeToLive: Duration, replyTo: String? = nil
  ) throws -> [Publishing] {
    let body = try request.body()
    var properties = Properties()
    properties.contentType = ContentType.json
    properties.deliveryMode = .transient
    properties.correlationID = correlationID
    properties.replyTo = replyTo
    properties.expiration = "\(max(1, Int(timeToLive.milliseconds)))"
    properties.timestamp = Timestamp.seconds
    properties.userID = user
    properties.appID = name
    return targets.map { target in
      var properties = properties
      properties.messageID = MessageID.new()
      if let host = target.host {
        properties.headers = [Headers.fqdn: .string(host), Headers.key: .string(target.key)]
      }
      return Publishing(
        exchange: exchanges.input, routingKey: target.routingKey, mandatory: true, properties: properties, body: body)
    }
  }
}
