import AMQP
import BatonTesting
import Testing

@testable import Baton

struct OutboxTests {
  private let web = Server(environment: "production", fqdn: "web1.example")
  private let lines = Locked<[String]>([])
  private let now = Locked(ContinuousClock.now)

  private func outbox(capacity: Int = 4, journal: (any OutboxJournal)? = nil) -> Outbox {
    Outbox(
      exchange: "x", appID: "x", capacity: capacity, journal: journal, now: { [now] in now.withLock { $0 } },
      logger: Logger(to: LogSink { [lines] line in lines.withLock { $0.append(line) } }))
  }

  private func info(_ number: Int) throws -> Output { try Output(Info("\(number)"), from: web) }
  private func success(_ number: Int) throws -> Output { try Output(Success("\(number)"), from: web) }

  /// Something of a type of one's own that is not the last word.
  private func note(_ number: Int) throws -> Output { try Output(Note(message: "\(number)"), from: web) }

  private struct Note: Message {
    static let type = "note"
    var message: String
  }

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
    for output in try [note(0), info(1), info(2), success(3), success(4), success(5)] { outbox.observe(output) }
    #expect(try await contents(of: outbox) == ["note 0", "success 3", "success 4", "success 5"])
    #expect(
      lines.withLock { $0.map { $0.contains("Outbox full, oldest messages dropped capacity=4 dropped=1") } } == [true])
  }

  @Test("Then what is no last word; last words that are waited for are kept beyond the capacity")
  func keepsFinal() async throws {
    let outbox = outbox()
    for output in try [success(0), note(1), success(2), success(3), success(4), success(5)] {
      outbox.observe(output)
    }
    #expect(try await contents(of: outbox) == ["success 0", "success 2", "success 3", "success 4", "success 5"])
  }

  @Test("What nobody waits for any more goes before everything else")
  func dropsExpired() async throws {
    let outbox = outbox()
    var request = Properties()
    request.expiration = "2000"
    outbox.observe(try info(0))
    for number in 1...3 { outbox.observe(try Output(Success("\(number)"), from: web, answering: request)) }
    now.withLock { $0 += .seconds(3) }
    outbox.observe(try success(4))
    #expect(try await contents(of: outbox) == ["info 0", "success 2", "success 3", "success 4"])
  }

  @Test("What another process left is said first, and what is confirmed leaves the journal")
  func journal() async throws {
    let journal = ListJournal([OutboxEntry(number: 7, output: try success(1))])
    let outbox = outbox(journal: journal)
    outbox.observe(try success(2))
    #expect(journal.entries.map(\.number) == [7, 8])
    #expect(try await contents(of: outbox) == ["success 1", "success 2"])
    #expect(journal.entries.isEmpty)
  }

  @Test("A journal that cannot be written loses nothing while the process lives, and is told of")
  func brokenJournal() async throws {
    let outbox = outbox(journal: ListJournal(isFull: true))
    outbox.observe(try success(1))
    #expect(try await contents(of: outbox) == ["success 1"])
    #expect(lines.withLock { $0.first?.contains("kept in memory alone") } == true)
  }

  @Test("What is said while it sends is sent after it, and it ends when it is closed")
  func goesOn() async throws {
    let outbox = outbox()
    let channel = FakeChannel { _ in .accepted }
    async let pumping: Void = outbox.pump(into: channel)
    for number in 0..<3 {
      outbox.observe(try info(number))
      try await channel.published(atLeast: number + 1)
    }
    outbox.close()
    try await pumping
    #expect(channel.published.count == 3)
  }

  @Test("What the broker does not take over stays in the box, and the channel is given up")
  func refused() async throws {
    let outbox = outbox()
    outbox.observe(try success(1))
    outbox.observe(try success(2))
    await #expect { try await outbox.pump(into: FakeChannel { $0 == 1 ? .refused : .accepted }) } throws: {
      AMQPError.Code.refused ~= $0
    }
    #expect(try await contents(of: outbox) == ["success 1", "success 2"])
  }

  @Test("What was not confirmed before the channel was lost is sent again on the next")
  func lost() async throws {
    let outbox = outbox()
    outbox.observe(try success(1))
    await #expect(throws: AMQPError.self) { try await outbox.pump(into: FakeChannel { _ in nil }) }
    outbox.observe(try success(2))
    #expect(try await contents(of: outbox) == ["success 1", "success 2"])
  }

  @Test("A pump that waits is let go when it is cancelled, and the next one takes over")
  func cancelled() async throws {
    let outbox = outbox()
    let waiting = Task { try await outbox.pump(into: FakeChannel { _ in .accepted }) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    outbox.observe(try success(1))
    #expect(try await contents(of: outbox) == ["success 1"])
  }
}

/// A journal in memory, or one on a full disk.
private final class ListJournal: OutboxJournal {
  private struct Full: Error {}

  private let list: Locked<[OutboxEntry]>
  private let isFull: Bool

  init(_ entries: [OutboxEntry] = [], isFull: Bool = false) {
    list = Locked(entries)
    self.isFull = isFull
  }

  var entries: [OutboxEntry] { list.withLock { $0 } }

  func load() throws -> [OutboxEntry] { entries }

  func save(_ entry: OutboxEntry) throws {
    if isFull { throw Full() }
    list.withLock { $0.append(entry) }
  }

  func remove(_ numbers: [Int64]) throws { list.withLock { $0.removeAll { numbers.contains($0.number) } } }
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

  func publish(_ messages: [Publishing], confirms: Promise<[Confirm]>) {
    let (first, count) = state.withLock { state in
      defer { state += messages }
      return (state.count, state.count + messages.count)
    }
    counted.yield(count)
    let said = messages.indices.compactMap { confirm(first + $0) }
    if said.count == messages.count {
      confirms.succeed(said)
    } else {
      confirms.fail(AMQPError(.connectionLost, "gone", while: "publish"))
    }
  }

  func declare(_ topology: Topology) async throws -> String { "" }
  func keepBound(_ topologies: [Topology]) {}
  func consume(_ queue: String, prefetch: Int) async throws -> Subscription {
    Subscription(deliveries: Deliveries(Inbox()), settle: { _, _ in }, cancel: {})
  }
  var blocked: String? { nil }
  func blocked(otherThan known: String?) async throws -> String? { try await Promise<String?>().value }
  func close() async {}
}
