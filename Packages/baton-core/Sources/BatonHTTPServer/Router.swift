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

  let connections: Connections
  private let routes: [HTTPRoute]
  private let state = Locked(State())

  init(_ routes: [HTTPRoute], _ limits: HTTPServer.Limits) {
    self.routes = routes
    connections = Connections(limits)
  }

  /// What libmicrohttpd is told; the router has to outlive it.
  func settings(_ limits: HTTPServer.Limits) -> baton_mhd_settings {
    baton_mhd_settings(
      handle: Self.handle, completed: Self.completed, changed: Self.changed,
      context: Unmanaged.passUnretained(self).toOpaque(), connections: limits.connections,
      timeout: UInt32(max(1, limits.idle.components.seconds)))
  }

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
    var methods: [String] = []
    for route in routes {
      guard let parameters = route.parameters(of: request.path) else { continue }
      methods += route.method == "GET" ? ["GET", "HEAD"] : [route.method]
      guard methods.contains(request.method) else { continue }
      request.parameters = parameters
      return route.handler
    }
    guard !methods.isEmpty else { return { _ in HTTPResponse(status: 404, "not found\n") } }
    var answer = HTTPResponse(status: 405, "not this method\n")
    // RFC 9110, section 15.5.6.
    answer.headers["Allow"] = methods.joined(separator: ", ")
    return { [answer] _ in answer }
  }

  // MARK: - Called by libmicrohttpd, on the server's thread

  /// `MHD_AccessHandlerCallback`: first with the headers, then with each piece of the body, then with none, and once more when the
  /// answer is there.
  static let handle: MHD_AccessHandlerCallback = { context, connection, url, method, _, data, size, memory in
    guard let context, let connection, let url, let method, let size, let memory else { return .NO }
    let router = Unmanaged<Router>.fromOpaque(context).takeUnretainedValue()
    guard let known = memory.pointee else {
      let exchange = Exchange(HTTPRequest(method: method, url: url, of: connection), on: connection)
      guard router.add(exchange) else { return .NO }
      // Released in `completed`, which is called for every connection that got this far.
      memory.pointee = Unmanaged.passRetained(exchange).toOpaque()
      return exchange.refuse(router) ?? .YES
    }
    let exchange = Unmanaged<Exchange>.fromOpaque(known).takeUnretainedValue()
    if let data, size.pointee > 0 {
      let goesOn = exchange.receive(UnsafeRawBufferPointer(start: data, count: size.pointee))
      size.pointee = 0
      return goesOn ? .YES : .NO
    }
    return exchange.proceed(router)
  }

  static let completed: MHD_RequestCompletedCallback = { context, connection, memory, _ in
    guard let context, let connection, let known = memory?.pointee else { return }
    memory?.pointee = nil
    let router = Unmanaged<Router>.fromOpaque(context).takeUnretainedValue()
    let exchange = Unmanaged<Exchange>.fromOpaque(known).takeRetainedValue()
    exchange.end()
    router.connections.finish(connection)
    router.remove(exchange)
  }

  /// `MHD_NotifyConnectionCallback`.
  static let changed: MHD_NotifyConnectionCallback = { context, connection, _, what in
    guard let context, let connection else { return }
    let connections = Unmanaged<Router>.fromOpaque(context).takeUnretainedValue().connections
    switch what {
    case .CONNECTION_NOTIFY_STARTED: connections.open(connection, descriptor: baton_mhd_descriptor(connection))
    default: connections.close(connection)
    }
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
}
