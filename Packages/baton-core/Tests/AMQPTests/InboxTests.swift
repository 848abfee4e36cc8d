import Testing

@testable import AMQP

struct InboxTests {
  private func delivery(_ tag: UInt64) -> Delivery { Delivery(tag: tag, exchange: "", routingKey: "", body: []) }

  @Test("What came since the last look is one batch")
  func batches() async throws {
    let inbox = Inbox()
    inbox.put([delivery(1)])
    inbox.put([delivery(2), delivery(3)])
    var iterator = Deliveries(inbox).makeAsyncIterator()
    #expect(try await iterator.next()?.map(\.tag) == [1, 2, 3])
  }

  @Test("What is in it is read before its end")
  func endsAfterReading() async throws {
    let inbox = Inbox()
    inbox.put([delivery(1)])
    inbox.finish()
    inbox.put([delivery(2)])
    var iterator = Deliveries(inbox).makeAsyncIterator()
    #expect(try await iterator.next()?.map(\.tag) == [1])
    #expect(try await iterator.next() == nil)
  }

  @Test("An end with an error throws it")
  func throwsItsEnd() async throws {
    let inbox = Inbox()
    inbox.finish(throwing: AMQPError(.consumerCancelled, "gone", while: "consume"))
    await #expect(throws: AMQPError.self) { try await inbox.next() }
  }

  @Test("A cancelled reader is let go")
  func cancelled() async throws {
    let inbox = Inbox()
    let reader = Task { try await inbox.next() }
    reader.cancel()
    await #expect(throws: CancellationError.self) { try await reader.value }
  }
}
