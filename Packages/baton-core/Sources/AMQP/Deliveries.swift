/// What a consumer receives, in batches: all that has come since the last look.
///
/// Ends when the consumer is cancelled from this side; throws ``AMQPError`` when the queue, the channel or the connection is lost.
/// To be read by one task.
public struct Deliveries: AsyncSequence, Sendable {
  let inbox: Inbox

  public init(_ inbox: Inbox) { self.inbox = inbox }

  public func makeAsyncIterator() -> Iterator { Iterator(inbox: inbox) }

  public struct Iterator: AsyncIteratorProtocol {
    let inbox: Inbox

    public mutating func next() async throws -> [Delivery]? {
      try await inbox.next()
    }
  }
}
