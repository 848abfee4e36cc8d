import AMQP

/// The handlers at work. They outlive the connection that their request came on, so they are not children of what serves it.
final class HandlerPool: Sendable {
  private struct State {
    var nextNumber = 0
    var running: [Int: Task<Void, Never>] = [:]
    var idle: [Promise<Void>] = []
  }

  private let state = Locked(State())

  /// Starts a handler.
  ///
  /// - Parameter executor: where it runs; nil: anywhere.
  func run(on executor: (any TaskExecutor)? = nil, _ work: @escaping @Sendable () async -> Void) {
    state.withLock { state in
      state.nextNumber += 1
      let number = state.nextNumber
      // Ends by itself, or is cancelled by `drain`.
      state.running[number] = Task(executorPreference: executor) {
        await work()
        self.finished(number)
      }
    }
  }

  /// Waits until all handlers have ended; those that have not after `limit` are cancelled and waited for no longer.
  func drain(limit: Duration, clock: any Clock<Duration>) async {
    let idle = Promise<Void>()
    let isIdle = state.withLock { state in
      if !state.running.isEmpty { state.idle.append(idle) }
      return state.running.isEmpty
    }
    guard !isIdle else { return }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await idle.value }
      group.addTask { try? await clock.sleep(for: limit) }
      await group.next()
      group.cancelAll()
    }
    for task in state.withLock({ $0.running.values }) { task.cancel() }
  }

  private func finished(_ number: Int) {
    let idle = state.withLock { state -> [Promise<Void>] in
      state.running[number] = nil
      guard state.running.isEmpty else { return [] }
      defer { state.idle = [] }
      return state.idle
    }
    for promise in idle { promise.succeed(()) }
  }
}
