import AMQP
import CMicroHTTPD

/// What libmicrohttpd calls: gives each request an ``Exchange``, and finds the route for it.
///
/// It outlives the daemon: the server keeps it until the daemon is stopped.
final class Router: Sendable {
  private struct State {
    var isClosed = false
    var exchanges: [ObjectIdentifier: Exchange] = [:]
  }

  private let routes: [HTTPRoute]
  private let state = Locked(State())

  init(_ routes: [HTTPRoute]) { self.routes = routes }

  /// Lets no request wait any more: a daemon must not be stopped while connections are suspended.
  func close() {
    let exchanges = state.withLock { state in
      state.isClosed = true
      return state.exchanges.values
    }
    for exchange in exchanges { exchange.abandon() }
  }

  /// Who answers a request; paths that are there under another method are told apart from those that are not.
  func handler(for request: inout HTTPRequest) -> HTTPRoute.Handler {
    var isThere = false
    for route in routes {
      guard let parameters = route.parameters(of: request.path) else { continue }
      isThere = true
      guard route.method == request.method || (route.method == "GET" && request.method == "HEAD") else { continue }
      request.parameters = parameters
      return route.handler
    }
    let answer = isThere ? HTTPResponse(status: 405, "not this method\n") : HTTPResponse(status: 404, "not found\n")
    return { _ in answer }
  }

  // MARK: - Called by libmicrohttpd, on the server's thread

  /// `MHD_AccessHandlerCallback`: first with the headers, then with each piece of the body, then with none, and once more when the
  /// answer is there.
  static let handle: MHD_AccessHandlerCallback = { context, connection, url, method, _, data, size, memory in
    guard let context, let connection, let url, let method, let size, let memory else { return .NO }
    let router = Unmanaged<Router>.fromOpaque(context).takeUnretainedValue()
    guard let known = memory.pointee else {
      let exchange = Exchange(
        HTTPRequest(
          method: String(cString: method), path: String(cString: url),
          query: values(of: connection, .GET_ARGUMENT_KIND),
          headers: values(of: connection, .HEADER_KIND, lowercased: true)), on: connection)
      guard router.add(exchange) else { return .NO }
      // Released in `completed`, which is called for every connection that got this far.
      memory.pointee = Unmanaged.passRetained(exchange).toOpaque()
      return .YES
    }
    let exchange = Unmanaged<Exchange>.fromOpaque(known).takeUnretainedValue()
    if let data, size.pointee > 0 {
      exchange.receive(UnsafeRawBufferPointer(start: data, count: size.pointee))
      size.pointee = 0
      return .YES
    }
    return exchange.proceed(router)
  }

  static let completed: MHD_RequestCompletedCallback = { context, _, memory, _ in
    guard let context, let known = memory?.pointee else { return }
    memory?.pointee = nil
    let exchange = Unmanaged<Exchange>.fromOpaque(known).takeRetainedValue()
    exchange.end()
    Unmanaged<Router>.fromOpaque(context).takeUnretainedValue().remove(exchange)
  }

  private func add(_ exchange: Exchange) -> Bool {
    state.withLock { state in
      if !state.isClosed { state.exchanges[ObjectIdentifier(exchange)] = exchange }
      return !state.isClosed
    }
  }

  private func remove(_ exchange: Exchange) {
    state.withLock { $0.exchanges[ObjectIdentifier(exchange)] = nil }
  }

  /// The corresponding C function is `MHD_get_connection_values`.
  private static func values(
    of connection: OpaquePointer, _ kind: MHD_ValueKind, lowercased: Bool = false
  ) -> [String: String] {
    var values: [String: String] = [:]
    withUnsafeMutablePointer(to: &values) { values in
      _ = MHD_get_connection_values(
        connection, kind,
        { context, _, name, value in
          guard let context, let name else { return .YES }
          context.assumingMemoryBound(to: [String: String].self).pointee[String(cString: name)] =
            value.map { String(cString: $0) } ?? ""
          return .YES
        }, values)
    }
    guard lowercased else { return values }
    return Dictionary(values.map { ($0.key.lowercased(), $0.value) }) { _, last in last }
  }
}
