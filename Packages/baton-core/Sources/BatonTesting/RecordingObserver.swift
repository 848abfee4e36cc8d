import AMQP
public import Baton

/// Keeps what a service says, for a test to look at.
public final class RecordingObserver: Observer {
  private struct State {
    var outputs: [Output] = []
    var waiting: [(count: Int, promise: Promise<Void>)] = []
  }

  private let state = Locked(State())

  public init() {}

  public var outputs: [Output] { state.withLock(\.outputs) }

  public func observe(_ output: Output) {
    let ready = state.withLock { state in
      state.outputs.append(output)
      let count = state.outputs.count
      defer { state.waiting.removeAll { $0.count <= count } }
      return state.waiting.filter { $0.count <= count }
    }
    for waiter in ready { waiter.promise.succeed(()) }
  }

  /// Waits until so many messages have been said, and gives them.
  public func outputs(atLeast count: Int) async throws -> [Output] {
    let promise = Promise<Void>()
    let isThere = state.withLock { state in
      if state.outputs.count < count { state.waiting.append((count, promise)) }
      return state.outputs.count >= count
    }
    if !isThere { try await promise.value }
    return outputs
  }
}
