import AMQP

/// The wish that something long-running ends in good order: said once, heard by all who wait for it.
public final class StopSignal: Sendable {
  private struct State {
    var requested = false
    var nextWaiter = 0
    var waiting: [Int: Promise<Void>] = [:]
  }

  private let state = Locked(State())

  public init() {}

  public var isRequested: Bool { state.withLock(\.requested) }

  public func request() {
    let waiting = state.withLock { state in
      state.requested = true
      defer { state.waiting = [:] }
      return state.waiting
    }
    for promise in waiting.values { promise.succeed(()) }
  }

  /// Returns when the stop is requested; throws `CancellationError` when the waiting task is cancelled.
  public func wait() async throws {
    let promise = Promise<Void>()
    let number = state.withLock { state -> Int? in
      guard !state.requested else { return nil }
      state.nextWaiter += 1
      state.waiting[state.nextWaiter] = promise
      return state.nextWaiter
    }
    guard let number else { return }
    defer { state.withLock { $0.waiting[number] = nil } }
    try await promise.value
  }

  /// What `operation` gives, or nil if the stop comes first: then it is cancelled.
  @discardableResult
  func unlessStopped<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) async throws -> Value?
  {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await operation() }
      group.addTask {
        try await self.wait()
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }
}
