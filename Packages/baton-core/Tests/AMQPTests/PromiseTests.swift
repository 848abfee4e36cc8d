import Testing

@testable import AMQP

struct PromiseTests {
  private struct Broken: Error {}

  @Test("A result is there for who waits and for who comes later; the first counts")
  func first() async throws {
    let early = Promise<Int>()
    early.succeed(1)
    early.succeed(2)
    early.fail(Broken())
    #expect(try await early.value == 1)
    let late = Promise<Int>()
    async let value = late.value
    late.succeed(3)
    #expect(try await value == 3)
  }

  @Test("A failure is thrown")
  func failure() async {
    let promise = Promise<Int>()
    promise.fail(Broken())
    await #expect(throws: Broken.self) { try await promise.value }
  }

  @Test("Who is cancelled waits no longer, and what comes then is dropped")
  func cancelled() async {
    let promise = Promise<Int>()
    let waiter = Task { try await promise.value }
    waiter.cancel()
    await #expect(throws: CancellationError.self) { try await waiter.value }
    promise.succeed(1)
  }
}
