import AMQP
import CMicroHTTPD

/// One request and its answer: the connection sleeps while the handler works, and while a stream has nothing to say.
///
/// `@unchecked Sendable`: what changes is in `state`, under its lock; `connection` is used only while the exchange is neither ended
/// nor abandoned, which is decided under that lock as well.
final class Exchange: @unchecked Sendable {
  private struct State {
    var request: HTTPRequest
    /// Bytes of the body that have come, whether they were kept or not.
    var received = 0
    var phase = Phase.reading
    /// The connection waits to be woken.
    var isSuspended = false
    /// The server stops, or the client has gone.
    var isAbandoned = false
    /// What a stream has given and the client has not taken.
    var pieces: [UInt8] = []
    var isComplete = false
    var task: Task<Void, Never>?
  }

  private enum Phase {
    case reading
    case working
    case ready(HTTPResponse)
    case answered
    case ended
  }

  /// A stream that is so far ahead of its client waits.
  private static let pieceLimit = 256 * 1024

  private static let discardLimit = 4 * HTTPServer.bodyLimit
  private static let tooLarge = HTTPResponse(status: 413, "more than \(HTTPServer.bodyLimit) bytes\n")
  private static let tooManyStreams = HTTPResponse(
    status: 503,
    headers: ["Content-Type": "text/plain; charset=utf-8", "Retry-After": "10", "Connection": "close"],
    body: .bytes([UInt8]("too many streams are open; try again later\n".utf8)))

  private let connection: OpaquePointer
  private let state: Locked<State>

  init(_ request: HTTPRequest, on connection: OpaquePointer) {
    self.connection = connection
    state = Locked(State(request: request))
  }

  // MARK: - On the server's thread

  /// Answers at once, without the body, if the client has announced one that is not worth the reading; nil if it has not.
  ///
  /// libmicrohttpd closes the connection after such an answer.
  func refuse(_ router: Router) -> MHD_Result? {
    let size = state.withLock { $0.request.headers["content-length"].flatMap { Int($0) } ?? 0 }
    guard size > Self.discardLimit else { return nil }
    return answer(Self.tooLarge, router)
  }

  /// False if so much has come that the client is to be cut off. What is too large, but not by far, is read and thrown away: a client that
  /// is still sending when the connection closes would not see the answer.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    state.withLock { state in
      state.received += bytes.count
      if state.received <= HTTPServer.bodyLimit { state.request.body += bytes } else { state.request.body = [] }
      return state.received <= Self.discardLimit
    }
  }

  /// The request is whole, or the connection was woken: starts the handler, or sends what it gave.
  func proceed(_ router: Router) -> MHD_Result {
    let ready: HTTPResponse? = state.withLock { state in
      switch state.phase {
      case .reading:
        if state.received > HTTPServer.bodyLimit { return Self.tooLarge }
        start(router, &state)
        return nil
      case .ready(let response): return response
      case .working where state.isAbandoned: return HTTPResponse(status: 503, "stopping\n")
      case .working, .answered, .ended: return nil
      }
    }
    guard let ready else { return .YES }
    return answer(ready, router)
  }

  /// The connection is done with, one way or the other.
  func end() {
    let task = state.withLock { state in
      state.phase = .ended
      state.isSuspended = false
      return state.task
    }
    task?.cancel()
  }

  private func start(_ router: Router, _ state: inout State) {
    let handler = router.handler(for: &state.request)
    let request = state.request
    state.phase = .working
    router.connections.startWork(connection)
    suspend(&state)
    // Cancelled by `end` or `abandon`; otherwise it ends with its handler.
    state.task = Task {
      let response = await handler(request)
      self.wake { $0.phase = .ready(response) }
    }
  }

  private func answer(_ response: HTTPResponse, _ router: Router) -> MHD_Result {
    state.withLock { $0.phase = .answered }
    if case .stream = response.body {
      guard router.connections.startStream(self, on: connection) else { return answer(Self.tooManyStreams, router) }
    } else {
      router.connections.startAnswer(connection)
    }
    return send(response)
  }

  /// The corresponding C function is `MHD_queue_response`.
  private func send(_ answer: HTTPResponse) -> MHD_Result {
    let response: OpaquePointer?
    switch answer.body {
    case .bytes(var bytes):
      response = bytes.withUnsafeMutableBytes {
        MHD_create_response_from_buffer($0.count, $0.baseAddress, .RESPMEM_MUST_COPY)
      }
    case .stream(let stream):
      follow(stream)
      // Released when libmicrohttpd is done with the response.
      let context = Unmanaged.passRetained(self).toOpaque()
      response = MHD_create_response_from_callback(UInt64.max, 16 * 1024, Self.read, context) { context in
        if let context { Unmanaged<Exchange>.fromOpaque(context).release() }
      }
    }
    guard let response else { return .NO }
    defer { MHD_destroy_response(response) }
    for (name, value) in answer.headers { MHD_add_response_header(response, name, value) }
    return MHD_queue_response(connection, UInt32(answer.status), response)
  }

  /// `MHD_ContentReaderCallback`: hands over what the stream has given, or puts the connection to sleep.
  private static let read: MHD_ContentReaderCallback = { context, _, buffer, most in
    guard let context, let buffer else { return -2 }
    let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    return exchange.state.withLock { state in
      let count = min(most, state.pieces.count)
      guard count > 0 else {
        // -1: MHD_CONTENT_READER_END_OF_STREAM.
        if state.isComplete || state.isAbandoned { return -1 }
        exchange.suspend(&state)
        return 0
      }
      UnsafeMutableRawBufferPointer(start: buffer, count: count).copyBytes(from: state.pieces.prefix(count))
      // Of a large piece that is taken whole nothing is kept.
      if count == state.pieces.count { state.pieces = [] } else { state.pieces.removeFirst(count) }
      return count
    }
  }

  /// The corresponding C function is `MHD_suspend_connection`.
  private func suspend(_ state: inout State) {
    guard !state.isAbandoned else { return }
    state.isSuspended = true
    MHD_suspend_connection(connection)
  }

  // MARK: - From tasks

  /// The server stops, or the client of a stream has gone: nothing waits any more.
  func abandon() {
    let task = state.withLock { $0.task }
    task?.cancel()
    wake { $0.isAbandoned = true }
  }

  private func follow(_ stream: AsyncStream<[UInt8]>) {
    // Cancelled by `end` or `abandon`; otherwise it ends with the stream.
    let task = Task {
      for await piece in stream {
        self.wake { $0.pieces += piece }
        while self.state.withLock({ $0.pieces.count > Self.pieceLimit }), !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(20))
        }
      }
      self.wake { $0.isComplete = true }
    }
    state.withLock { $0.task = task }
  }

  /// Changes something, and wakes the connection if it sleeps.
  ///
  /// The corresponding C function is `MHD_resume_connection`.
  private func wake(_ change: (inout State) -> Void) {
    state.withLock { state in
      if case .ended = state.phase { return }
      change(&state)
      guard state.isSuspended else { return }
      state.isSuspended = false
      MHD_resume_connection(connection)
    }
  }
}
