/// Where deliveries wait for their reader: a channel or a test puts them in, ``Deliveries`` takes them out.
///
/// Unbounded by itself: what bounds it is the consumer's prefetch.
public final class Inbox: Sendable {
  private struct State {
    var batch: [Delivery] = []
    var end: Result<Void, any Error>?
    var reader: CheckedContinuation<[Delivery]?, any Error>?
  }

  private let state = Locked(State())

  public init() {}

  public func put(_ deliveries: [Delivery]) {
    let reader = state.withLock { state -> CheckedContinuation<[Delivery]?, any Error>? in
      guard state.end == nil else { return nil }
      guard let reader = state.reader else {
        if state.batch.isEmpty { state.batch = deliveries } else { state.batch.append(contentsOf: deliveries) }
        return nil
      }
      state.reader = nil
      return reader
    }
    reader?.resume(returning: deliveries)
  }

  /// Ends the sequence once what is in it has been read, with an error or without; the first end counts.
  public func finish(throwing error: (any Error)? = nil) {
    let reader = state.withLock { state -> CheckedContinuation<[Delivery]?, any Error>? in
      guard state.end == nil else { return nil }
      state.end = error.map { .failure($0) } ?? .success(())
      defer { state.reader = nil }
      return state.reader
    }
    if let error { reader?.resume(throwing: error) } else { reader?.resume(returning: nil) }
  }

  func next() async throws -> [Delivery]? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let ready: Result<[Delivery]?, any Error>? = state.withLock { state in
          if !state.batch.isEmpty {
            defer { state.batch = [] }
            return .success(state.batch)
          }
          if let end = state.end { return end.map { nil } }
          state.reader = continuation
          return nil
        }
        if let ready { continuation.resume(with: ready) }
      }
    } onCancel: {
      finish(throwing: CancellationError())
    }
  }
}
