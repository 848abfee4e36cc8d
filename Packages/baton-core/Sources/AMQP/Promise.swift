/// One result that somebody else will deliver: the loop keeps it, a task awaits it.
///
/// A waiting task that is cancelled stops waiting at once; a result that comes afterwards is dropped.
public final class Promise<Value: Sendable>: Sendable {
  @usableFromInline enum State {
    case pending
    case awaited(CheckedContinuation<Value, any Error>)
    case kept(Result<Value, any Error>)
  }

  @usableFromInline let state = Locked<State>(.pending)

  @inlinable
  public init() {}

  /// The result; to be awaited once.
  @inlinable
  public var value: Value {
    get async throws {
      try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
          let kept: Result<Value, any Error>? = state.withLock { state in
            if case .kept(let result) = state { return result }
            state = .awaited(continuation)
            return nil
          }
          if let kept { continuation.resume(with: kept) }
        }
      } onCancel: {
        keep(.failure(CancellationError()))
      }
    }
  }

  @inlinable
  public func succeed(_ value: Value) { keep(.success(value)) }

  @inlinable
  public func fail(_ error: any Error) { keep(.failure(error)) }

  /// The first result counts.
  @inlinable
  func keep(_ result: Result<Value, any Error>) {
    let waiting: CheckedContinuation<Value, any Error>? = state.withLock { state in
      switch state {
      case .pending:
        state = .kept(result)
        return nil
      case .awaited(let continuation):
        state = .kept(result)
        return continuation
      case .kept:
        return nil
      }
    }
    waiting?.resume(with: result)
  }
}
