import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// TCP sockets on 127.0.0.1.
///
/// The corresponding C functions are `socket(2)`, `bind(2)`, `listen(2)` and `connect(2)`.
enum Loopback {
  /// A socket that listens on a port of the system's choice.
  ///
  /// - Parameter receiveBuffer: bytes that the kernel takes for a connection before its peer has to wait; its own choice if nil.
  static func listen(backlog: Int32 = 1024, receiveBuffer: Int32? = nil) throws -> (descriptor: Int32, port: Int) {
    let descriptor = try socket()
    do {
      if var receiveBuffer { try set(SO_RCVBUF, of: descriptor, to: &receiveBuffer) }
      try check(withAddress(port: 0) { bind(descriptor, $0, $1) }, while: "bind a socket")
      try check(Glibc.listen(descriptor, backlog), while: "listen")
      return (descriptor, try port(of: descriptor))
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// A non-blocking socket that is connected, or on its way to be.
  static func connect(to port: Int) throws -> Int32 {
    let descriptor = try socket()
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    let status = withAddress(port: port) { Glibc.connect(descriptor, $0, $1) }
    guard status == 0 || errno == EINPROGRESS else {
      let error = SocketError(while: "connect to port \(port)")
      close(descriptor)
      throw error
    }
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    return descriptor
  }

  /// Closes with a reset (RST) instead of a farewell (FIN); what was not sent yet is dropped.
  static func reset(_ descriptor: Int32) {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    close(descriptor)
  }

  private static func socket() throws -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = Glibc.socket(AF_INET, kind, 0)
    try check(descriptor, while: "make a socket")
    return descriptor
  }

  private static func set(_ option: Int32, of descriptor: Int32, to value: inout Int32) throws {
    let status = setsockopt(descriptor, SOL_SOCKET, option, &value, socklen_t(MemoryLayout<Int32>.size))
    try check(status, while: "set an option of a socket")
  }

  private static func port(of descriptor: Int32) throws -> Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    try check(status, while: "ask for the port")
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func withAddress(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }

  private static func check(_ status: Int32, while action: String) throws {
    guard status >= 0 else { throw SocketError(while: action) }
  }
}
