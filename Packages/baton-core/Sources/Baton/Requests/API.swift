public import AMQP

/// The entry point for requests: publishes to the input exchange of an extension, and collects what comes out.
///
/// Extensions give it meaningful methods (`PingAPI.ping`). Each call has a connection of its own, which ends with it; a
/// ``Conversation`` is for more.
public struct API: Sendable {
  /// The extension's name: `baton_ping`.
  public let name: String
  private let broker: any Broker
  private let user: String?
  private let durable: Bool
  private let seal: Seal?
  private let clock: any Clock<Duration>

  /// - Parameters:
  ///   - user: the broker's user, which goes with each request; the broker refuses a forged one.
  ///   - durable: how the exchanges are declared where they are missing.
  ///   - seal: says whose each request is.
  public init(
    _ name: String, broker: any Broker, user: String? = nil, durable: Bool = true, seal: Seal? = nil,
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.name = name
    self.broker = broker
    self.user = user
    self.durable = durable
    self.seal = seal
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
      _ = try await channel.declare(Topology(exchanges: letterhead.exchanges.declarations(durable: durable)))
      let publishings = try letterhead.publishings(
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
        let conversation = try await converse(on: channel, hearsAll: legacy)
        var asking = Asking(
          request: request, conversation: conversation, inquiry: inquiry, ending: ending, clock: clock)
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

  /// Opens a conversation on a channel that the caller has, and keeps.
  public func converse(on channel: any Channel, hearsAll: Bool = false) async throws -> Conversation {
    try await Conversation(on: channel, letterhead, hearsAll: hearsAll, durable: durable, clock: clock)
  }

  private var letterhead: Letterhead { Letterhead(name: name, user: user, seal: seal) }
}
