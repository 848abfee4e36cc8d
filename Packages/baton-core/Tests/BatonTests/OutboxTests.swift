import AMQP
import BatonTesting
import Testing

@testable import Baton

struct OutboxTests {
  private let web = Server(environment: "production", fqdn: "web1.example")
  private let lines = Locked<[String]>([])

  private func outbox() -> Outbox {
    Outbox(
      exchange: "x", appID: "x",
      logger: Logger(to: LogSink { [lines] line in lines.withLock { $0.append(line) } }))
  }

  private func info(_ number: Int) throws -> Output { try Output(Info("\(number)"), from: web) }
  private func success(_ number: Int) throws -> Output { try Output(Success("\(number)"), from: web) }

  /// All that is in a box, in the order in which it is sent.
  private func contents(of outbox: Outbox) async throws -> [String] {
    let channel = FakeChannel { _ in .accepted }
    outbox.close()
    try await outbox.pump(into: channel)
    return try channel.published.map { publishing in
      let message = try AnyMessage(Delivery(tag: 1, exchange: "", routingKey: "", body: publishing.body))
      return "\(message.type) \(try message.json()["message"]?.string ?? "")"
    }
  }

  @Test("When it is full the oldest progress goes first, and the loss is told once")
  func dropsProgress() async throws {
    let outbox = outbox()
    await outbox.observe(try success(0))
    await outbox.observe(try info(1))
    await outbox.observe(try info(2))
    for number in 3..<(Outbox.capacity + 1) { await outbox.observe(try success(number)) }
    let contents = try await contents(of: outbox)
    #expect(contents.count == Outbox.capacity)
    #expect(contents.prefix(3) == ["success 0", "info 2", "success 3"])
    #expect(contents.last == "success \(Outbox.capacity)")
    #expect(
      lines.withLock { $0.map { $0.contains("Outbox full, oldest messages dropped capacity=10000 dropped=1") } } == [
        true
      ])
  }

  @Test("Where there is no progress to drop the oldest of all goes")
  func dropsOldest() async throws {
    let outbox = outbox()
    for number in 0..<(Outbox.capacity + 2) { await outbox.observe(try success(number)) }
    let contents = try await contents(of: outbox)
    #expect(contents.count == Outbox.capacity)
    #expect(contents.first == "success 2")
    #expect(lines.withLock(\.count) == 1)
  }

  @Test("What is said while it sends is sent after it, and it ends when it is closed")
  func goesOn() async throws {
    let outbox = outbox()
    let channel = FakeChannel { _ in .accepted }
    async let pumping: Void = outbox.pump(into: channel)
    for number in 0..<3 {
      await outbox.observe(try info(number))
      try await channel.published(atLeast: number + 1)
    }
    outbox.close()
    try await pumping
    #expect(channel.published.count == 3)
  }

  @Test("What the broker does not take over stays in the box, and the channel is given up")
  func refused() async throws {
    let outbox = outbox()
    await outbox.observe(try success(1))
    await outbox.observe(try success(2))
    await #expect { try await outbox.pump(into: FakeChannel { $0 == 1 ? .refused : .accepted }) } throws: {
      AMQPError.Code.refused ~= $0
    }
    #expect(try await contents(of: outbox) == ["success 1", "success 2"])
  }

  @Test("What was not confirmed before the channel was lost is sent again on the next")
  func lost() async throws {
    let outbox = outbox()
    await outbox.observe(try success(1))
    await #expect(throws: AMQPError.self) { try await outbox.pump(into: FakeChannel { _ in nil }) }
    await outbox.observe(try success(2))
    #expect(try await contents(of: outbox) == ["success 1", "success 2"])
  }

  @Test("A pump that waits is let go when it is cancelled, and the next one takes over")
  func cancelled() async throws {
    let outbox = outbox()
    let waiting = Task { try await outbox.pump(into: FakeChannel { _ in .accepted }) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    await outbox.observe(try success(1))
    #expect(try await contents(of: outbox) == ["success 1"])
  }
}

/// A channel that takes or refuses what is published, message by message, as the test says.
private final class FakeChannel: Baton.Channel {
  private let state = Locked<[Publishing]>([])
  private let counts: AsyncStream<Int>
  private let counted: AsyncStream<Int>.Continuation
  private let confirm: @Sendable (Int) -> Confirm?

  /// - Parameter confirm: what becomes of the message of that index; nil loses the connection.
  init(_ confirm: @escaping @Sendable (Int) -> Confirm?) {
    self.confirm = confirm
    (counts, counted) = AsyncStream.makeStream()
  }

  var published: [Publishing] { state.withLock { $0 } }

  func published(atLeast count: Int) async throws {
    for await seen in counts where seen >= count { return }
  }

  func publish(_ messages: [Publishing]) async throws -> [Confirm] {
    let (first, count) = state.withLock { state in
      defer { state += messages }
      return (state.count, state.count + messages.count)
    }
    counted.yield(count)
    return try messages.indices.map { index in
      guard let confirmation = confirm(first + index) else {
        throw AMQPError(.connectionLost, "gone", while: "publish")
      }
      return confirmation
    }
  }

  func declare(_ topology: Topology) async throws -> String { "" }
  func consume(_ queue: String, prefetch: Int) async throws -> Subscription {
    Subscription(deliveries: Deliveries(Inbox()), settle: { _, _ in }, cancel: {})
  }
  var blocked: String? { nil }
  func close() async {}
}
