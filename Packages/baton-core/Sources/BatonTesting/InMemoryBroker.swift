public import AMQP
public import Baton

/// A broker within the test: direct exchanges, bindings, CC, mandatory returns, exclusive and named queues, acknowledgements,
/// dead letters, single active consumers; and the failures that a real one has.
///
/// It behaves as RabbitMQ does where baton can see it. What it does not have: other exchange types, expiry, permissions.
public final class InMemoryBroker: Broker {
  private let state: Locked<BrokerState>

  public init() { state = Locked(BrokerState()) }

  public func channel() async throws -> any Baton.Channel {
    let id = try state.withLock { try $0.openChannel() }
    return InMemoryChannel(id: id, state: state)
  }

  // MARK: - Failures

  /// Every connection is lost at this moment; new ones are let in.
  public func disconnectAll() {
    state.withLock { $0.disconnectAll() }
  }

  /// While set, nobody is let in, and this is why.
  public var refusal: AMQPError? {
    get { state.withLock(\.refusal) }
    set { state.withLock { $0.refusal = newValue } }
  }

  /// While set, publishers wait: an alarm of memory or disk.
  public var blocked: String? {
    get { state.withLock(\.blocked) }
    set { state.withLock { $0.setBlocked(newValue) } }
  }

  /// While set, this becomes of every message that is published, and no queue gets it: `.returned`, as if nobody were bound; `.refused`,
  /// as by a full queue; `.accepted`, and lost all the same.
  public var fate: Confirm? {
    get { state.withLock(\.fate) }
    set { state.withLock { $0.fate = newValue } }
  }

  /// Cancels the consumers of a queue that stays, as when its node goes (`basic.cancel`); what they had not settled goes back.
  public func cancelConsumers(of queue: String) {
    state.withLock { $0.cancelConsumers(of: queue) }
  }

  /// Deletes a queue under its consumers, who are told (`basic.cancel`).
  public func deleteQueue(_ name: String) {
    state.withLock { $0.deleteQueue(name) }
  }

  /// Has every channel look now after what it keeps bound, as it does with a real broker every few seconds.
  public func lookAfterBindings() {
    state.withLock { $0.lookAfterBindings() }
  }

  /// Deletes an exchange and the bindings to it; as with a real broker, those who were bound are not told.
  public func deleteExchange(_ name: String) {
    state.withLock { $0.deleteExchange(name) }
  }

  // MARK: - Looking

  /// Names of the queues that there are, sorted.
  public var queues: [String] { state.withLock { $0.queues.keys.sorted() } }

  /// Names of the exchanges that there are, sorted.
  public var exchanges: [String] { state.withLock { $0.exchanges.sorted() } }

  /// The messages that wait in a queue; not those which a consumer has.
  public func messages(in queue: String) -> [Publishing] {
    state.withLock { $0.queues[queue]?.ready.map(\.publishing) ?? [] }
  }

  /// The routing keys that a queue is bound to an exchange with, sorted.
  public func keys(of queue: String, in exchange: String) -> [String] {
    state.withLock { state in
      (state.queues[queue]?.bindings ?? []).filter { $0.exchange == exchange }.map(\.key).sorted()
    }
  }
}
