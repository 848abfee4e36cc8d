import Testing

@testable import AMQP

struct ConfirmWindowTests {
  private func publishing(_ key: String, id: String? = nil) -> Publishing {
    var publishing = Publishing(exchange: "x", routingKey: key, mandatory: true, body: [])
    publishing.properties.messageID = id
    return publishing
  }

  /// A window with one batch of messages under way.
  private func window(_ messages: [Publishing]) -> (ConfirmWindow, Promise<[Confirm]>) {
    var window = ConfirmWindow()
    let promise = Promise<[Confirm]>()
    let batch = ConfirmWindow.Batch(count: messages.count, promise: promise)
    for (index, message) in messages.enumerated() { window.append(message, batch: batch, index: index) }
    return (window, promise)
  }

  @Test("One ack of many confirms all up to it")
  func multiple() async throws {
    var (window, promise) = window([publishing("a"), publishing("b"), publishing("c")])
    window.settle(3, multiple: true, .accepted)
    #expect(try await promise.value == [.accepted, .accepted, .accepted])
  }

  @Test("Acks out of order find their messages")
  func outOfOrder() async throws {
    var (window, promise) = window([publishing("a"), publishing("b"), publishing("c")])
    window.settle(2, multiple: false, .refused)
    window.settle(1, multiple: false, .accepted)
    window.settle(3, multiple: false, .accepted)
    #expect(try await promise.value == [.accepted, .refused, .accepted])
  }

  @Test("A return belongs to the message of its id, and is told when the ack comes")
  func returned() async throws {
    var (window, promise) = window([publishing("a", id: "1"), publishing("a", id: "2")])
    let noRoute = Confirm.returned(code: 312, reason: "NO_ROUTE")
    window.markReturned(exchange: "x", routingKey: "a", messageID: "2", noRoute)
    window.settle(2, multiple: true, .accepted)
    #expect(try await promise.value == [.accepted, noRoute])
  }

  @Test("Numbers go on after everything has been confirmed")
  func goesOn() async throws {
    var (window, first) = window([publishing("a")])
    window.settle(1, multiple: false, .accepted)
    _ = try await first.value
    let second = Promise<[Confirm]>()
    window.append(publishing("b"), batch: .init(count: 1, promise: second), index: 0)
    window.settle(1, multiple: false, .refused)
    window.settle(2, multiple: false, .accepted)
    #expect(try await second.value == [.accepted])
  }

  @Test("A number that was never given out is ignored")
  func unknownNumber() async throws {
    var (window, promise) = window([publishing("a")])
    window.settle(0, multiple: false, .refused)
    window.settle(1, multiple: false, .accepted)
    window.settle(99, multiple: true, .refused)
    #expect(try await promise.value == [.accepted])
  }

  @Test("A lost channel fails what is open")
  func failAll() async throws {
    var (window, promise) = window([publishing("a")])
    window.failAll(AMQPError(.connectionLost, "gone", while: "publish"))
    await #expect(throws: AMQPError.self) { try await promise.value }
  }
}
