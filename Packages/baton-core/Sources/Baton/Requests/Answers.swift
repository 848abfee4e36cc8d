/// The answers to a request, as they come; ends when the ``Ending`` is reached.
///
/// Each named host comes out exactly once with its fate: answered, failed, not connected, or silent. Progress comes in between.
public struct Answers<Reply: Message>: AsyncSequence, Sendable {
  private let stream: AsyncThrowingStream<Answer<Reply>, any Error>

  /// - Parameter body: produces the answers; it is cancelled when nobody reads any more.
  init(_ body: @escaping @Sendable (AsyncThrowingStream<Answer<Reply>, any Error>.Continuation) async throws -> Void) {
    stream = AsyncThrowingStream { continuation in
      // Ended by its own return, or by the reader's leaving.
      let task = Task {
        do {
          try await body(continuation)
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  public func makeAsyncIterator() -> AsyncThrowingStream<Answer<Reply>, any Error>.Iterator {
    stream.makeAsyncIterator()
  }
}
