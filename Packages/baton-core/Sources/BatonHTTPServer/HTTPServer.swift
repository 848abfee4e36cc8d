import AMQP
import CMicroHTTPD

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A small HTTP server, for loopback: what is to be reached from elsewhere stands behind a proxy that speaks TLS and knows its users.
///
/// It has one thread of its own, on which nothing but the protocol happens: handlers are tasks.
///
/// ```swift
/// let server = try HTTPServer(host: "127.0.0.1", port: 9797, routes: [HTTPRoute("GET", "/healthz") { _ in HTTPResponse("ok\n") }])
/// defer { server.stop() }
/// ```
public final class HTTPServer: Sendable {
  /// Bytes of a request's body; more is refused with 413.
  public static let bodyLimit = 1024 * 1024

  /// The IP address, or the path of the socket's file.
  public let host: String
  /// The one that was asked for, or the one that the system chose for 0; 0 for a socket's file.
  public let port: Int
  private let router: Router
  private let listener: UnixListener?
  private let daemon: Locked<OpaquePointer?>
  /// Looks after the connections; ended by `stop`.
  private let watch: Task<Void, Never>

  /// Begins to listen. The address is an IP address of this machine.
  ///
  /// The corresponding C function is `MHD_start_daemon`.
  public init(host: String, port: Int, routes: [HTTPRoute], limits: Limits = Limits()) throws(HTTPServerError) {
    let router = Router(routes, limits)
    let started = try Self.withAddress(host, port) { baton_mhd_start($0, -1, router.settings(limits)) }
    guard let started else {
      throw HTTPServerError(host: host, port: port, reason: String(cString: strerror(errno)))
    }
    self.host = host
    self.port = Int(baton_mhd_port(started))
    self.router = router
    listener = nil
    daemon = Locked(started)
    watch = Task { await router.connections.watch() }
  }

  /// Begins to listen on a socket that has a file, which its owner and its group may connect to. What is left of a server that is gone is
  /// taken away; where one still listens, this throws.
  public init(path: String, routes: [HTTPRoute], limits: Limits = Limits()) throws(HTTPServerError) {
    let router = Router(routes, limits)
    let listener = try UnixListener(path)
    guard let started = baton_mhd_start(nil, listener.descriptor, router.settings(limits)) else {
      let reason = String(cString: strerror(errno))
      listener.removeFile()
      throw HTTPServerError(address: path, reason: reason)
    }
    host = path
    port = 0
    self.router = router
    self.listener = listener
    daemon = Locked(started)
    watch = Task { await router.connections.watch() }
  }

  deinit { stop() }

  /// Ends every connection, and listens no more. Handlers at work are cancelled.
  ///
  /// The corresponding C function is `MHD_stop_daemon`.
  public func stop() {
    let running = daemon.withLock { daemon in
      defer { daemon = nil }
      return daemon
    }
    guard let running else { return }
    watch.cancel()
    listener?.removeFile()
    router.close()
    MHD_stop_daemon(running)
  }

  private static func withAddress<Result>(
    _ host: String, _ port: Int, _ body: (UnsafePointer<sockaddr>) -> Result
  ) throws(HTTPServerError) -> Result {
    guard let port16 = UInt16(exactly: port) else {
      throw HTTPServerError(host: host, port: port, reason: "a port is a number from 0 to 65535")
    }
    var four = sockaddr_in()
    if inet_pton(AF_INET, host, &four.sin_addr) == 1 {
      four.sin_family = sa_family_t(AF_INET)
      four.sin_port = port16.bigEndian
      return withUnsafePointer(to: &four) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
    }
    var six = sockaddr_in6()
    guard inet_pton(AF_INET6, host, &six.sin6_addr) == 1 else {
      throw HTTPServerError(host: host, port: port, reason: "it wants an IP address, such as 127.0.0.1 or ::1")
    }
    six.sin6_family = sa_family_t(AF_INET6)
    six.sin6_port = port16.bigEndian
    return withUnsafePointer(to: &six) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
  }
}

/// Why a server does not listen.
public struct HTTPServerError: Error, Hashable, CustomStringConvertible {
  /// `127.0.0.1 port 9797`, or the path of a socket.
  public let address: String
  public let reason: String

  init(address: String, reason: String) {
    self.address = address
    self.reason = reason
  }

  init(host: String, port: Int, reason: String) {
    self.init(address: "\(host) port \(port)", reason: reason)
  }

  public var description: String { "could not listen on \(address): \(reason)" }
}
