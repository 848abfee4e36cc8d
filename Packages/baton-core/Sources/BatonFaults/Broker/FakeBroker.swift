import AMQP
import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// A broker on loopback that speaks just enough AMQP 0-9-1 to be hostile: each connection runs a script.
///
/// ```swift
/// let broker = try FakeBroker { client in
///   try client.handshake()
///   try client.closeConnection(541, "INTERNAL_ERROR")
/// }
/// ```
/// A script has a thread of its own and may block; the connection is closed when it ends.
public final class FakeBroker: Sendable {
  /// The client did something that the script does not know.
  public struct Surprise: Error, Hashable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
  }

  private struct State {
    var connections = 0
    /// The scripts that run, and with the last of them gone…
    var running = 0
    /// …who waits for that.
    var closing: Promise<Void>?
    var descriptors: Set<Int32> = []
    var surprises: [String] = []
    var isClosed = false
  }

  /// Where clients connect to, on 127.0.0.1.
  public let port: Int
  private let wakeUp: WakeUp
  private let state = Locked(State())

  public init(_ script: @escaping @Sendable (FakeConnection) throws -> Void) throws {
    let (listener, port) = try Loopback.listen()
    self.port = port
    wakeUp = try WakeUp()
    state.withLock { $0.running = 1 }
    // Ends when `close` or `deinit` says so.
    try Thread.start { [state, wakeUp] in
      defer { Self.leave(state) }
      while true {
        var pollers = [listener, wakeUp.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        poll(&pollers, 2, -1)
        guard pollers[1].revents == 0 else { break }
        let client = accept(listener, nil, nil)
        if client >= 0 { Self.serve(client, script, state) }
      }
      Glibc.close(listener)
    }
  }

  deinit { end() }

  /// All that were ever accepted.
  public var connections: Int { state.withLock(\.connections) }

  /// What scripts threw: the client did something else than they waited for. A client that hangs up is none.
  public var surprises: [String] { state.withLock(\.surprises) }

  /// Closes every connection, and waits until all scripts have ended. To be called once.
  public func close() async throws {
    let promise = Promise<Void>()
    let isDone = state.withLock { state in
      state.closing = promise
      return state.running == 0
    }
    end()
    if !isDone { try await promise.value }
  }

  private func end() {
    state.withLock { state in
      state.isClosed = true
      // A script that waits for its client wakes up; the descriptors are closed by their own threads.
      for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
    wakeUp.signal()
  }

  private static func serve(
    _ client: Int32, _ script: @escaping @Sendable (FakeConnection) throws -> Void, _ state: Locked<State>
  ) {
    var one: Int32 = 1
    setsockopt(client, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    let number = state.withLock { state in
      state.connections += 1
      state.running += 1
      state.descriptors.insert(client)
      if state.isClosed { shutdown(client, Int32(SHUT_RDWR)) }
      return state.connections
    }
    let connection = FakeConnection(descriptor: client, number: number)
    let body: @Sendable () -> Void = {
      do {
        try script(connection)
      } catch let surprise as Surprise {
        state.withLock { $0.surprises.append(surprise.description) }
      } catch {
        // The client has hung up, as it may.
      }
      state.withLock { _ = $0.descriptors.remove(client) }
      connection.end()
      leave(state)
    }
    do { try Thread.start(body) } catch { body() }
  }

  private static func leave(_ state: Locked<State>) {
    let closing = state.withLock { state -> Promise<Void>? in
      state.running -= 1
      return state.running == 0 ? state.closing : nil
    }
    closing?.succeed(())
  }
}
