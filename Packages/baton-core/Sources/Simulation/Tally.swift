import AMQP

/// What the hosts of a simulated fleet have done, together.
public final class Tally: Sendable {
  public struct Counts: Sendable, Hashable {
    /// Hosts that are there now.
    public var present = 0
    public var answers = 0
    /// Hosts that have left and those that have lost their connection.
    public var departures = 0
  }

  private let state = Locked(Counts())
  private let expected: Int
  private let complete = Promise<Void>()

  init(expected: Int) { self.expected = expected }

  public var counts: Counts { state.withLock { $0 } }

  /// Returns when all hosts are there for the first time; to be awaited once.
  public func waitForAll() async throws { try await complete.value }

  func joined() {
    let present = state.withLock { counts in
      counts.present += 1
      return counts.present
    }
    if present == expected { complete.succeed(()) }
  }

  func answered() { state.withLock { $0.answers += 1 } }

  func left() {
    state.withLock { counts in
      counts.present -= 1
      counts.departures += 1
    }
  }
}
