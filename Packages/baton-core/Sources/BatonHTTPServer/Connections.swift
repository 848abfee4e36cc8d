import AMQP

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The sockets of a server's clients: ends those that keep a place for too long, and notices who has gone while a stream was silent.
///
/// libmicrohttpd times out only a client that does nothing at all, and does not look at the socket of a connection that sleeps.
final class Connections: Sendable {
  private struct Entry {
    let descriptor: Int32
    /// When it is ended.
    var deadline: ContinuousClock.Instant?
    /// What is sent to it as it comes.
    var stream: Exchange?
  }

  /// How often they are looked at, if there are any.
  private static let interval = Duration.seconds(1)

  private let limits: HTTPServer.Limits
  /// By the address of libmicrohttpd's connection.
  private let entries = Locked<[UInt: Entry]>([:])
  private let opened: AsyncStream<Void>.Continuation
  private let openings: AsyncStream<Void>

  init(_ limits: HTTPServer.Limits) {
    self.limits = limits
    (openings, opened) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  // MARK: - On the server's thread

  /// A client has connected; a request has to follow.
  func open(_ connection: OpaquePointer, descriptor: Int32) {
    let deadline = ContinuousClock.now + limits.request
    entries.withLock { $0[UInt(bitPattern: connection)] = Entry(descriptor: descriptor, deadline: deadline) }
    opened.yield()
  }

  /// The socket is closed after this, and its number may soon be another's.
  func close(_ connection: OpaquePointer) {
    entries.withLock { $0[UInt(bitPattern: connection)] = nil }
  }

  /// The request is there; how long its handler takes is not the client's doing.
  func startWork(_ connection: OpaquePointer) { change(connection) { $0.deadline = nil } }

  func startAnswer(_ connection: OpaquePointer) {
    change(connection) { $0.deadline = ContinuousClock.now + limits.answer }
  }

  /// False if there are as many streams as there may be.
  func startStream(_ exchange: Exchange, on connection: OpaquePointer) -> Bool {
    entries.withLock { entries in
      guard entries.values.count(where: { $0.stream != nil }) < limits.streams else { return false }
      entries[UInt(bitPattern: connection)]?.stream = exchange
      return true
    }
  }

  /// The answer has been taken; another request may follow.
  func finish(_ connection: OpaquePointer) {
    change(connection) { entry in
      entry.deadline = ContinuousClock.now + limits.request
      entry.stream = nil
    }
  }

  private func change(_ connection: OpaquePointer, _ body: (inout Entry) -> Void) {
    entries.withLock { entries in
      guard var entry = entries[UInt(bitPattern: connection)] else { return }
      body(&entry)
      entries[UInt(bitPattern: connection)] = entry
    }
  }

  // MARK: - From a task

  /// Looks after them until the task is cancelled; sleeps while there are none.
  func watch() async {
    for await _ in openings {
      while !entries.withLock(\.isEmpty) {
        guard (try? await Task.sleep(for: Self.interval)) != nil else { return }
        look()
      }
    }
  }

  private func look() {
    let now = ContinuousClock.now
    let abandoned = entries.withLock { entries in
      // Under the lock, so that the descriptor is still this client's.
      for entry in entries.values where entry.deadline.map({ $0 < now }) ?? false {
        shutdown(entry.descriptor, Int32(SHUT_RDWR))
      }
      return entries.values.compactMap { entry in
        entry.stream.flatMap { Self.hasGone(entry.descriptor) ? $0 : nil }
      }
    }
    for exchange in abandoned { exchange.abandon() }
  }

  /// Whether the client has closed its end. The corresponding C function is `recv(2)`.
  private static func hasGone(_ descriptor: Int32) -> Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    return count == 0 || count < 0 && ![EAGAIN, EWOULDBLOCK, EINTR].contains(errno)
  }
}
