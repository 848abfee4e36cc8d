#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A socket that has a file instead of an address and a port: whoever may write to the file may connect.
struct UnixListener {
  let path: String
  let descriptor: Int32

  /// Listens, for the file's owner and its group. The file of a server that is gone is replaced; that of one that lives is not, nor is
  /// any other file.
  ///
  /// The corresponding C functions are `bind(2)` and `listen(2)`; see unix(7).
  init(_ path: String) throws(HTTPServerError) {
    let address = try Self.address(path)
    let descriptor = socket(AF_UNIX, Self.kind, 0)
    guard descriptor >= 0 else { throw Self.error(path) }
    do throws(HTTPServerError) {
      // Before the file is there, so that there is no moment in which it lets others in. Linux heeds it, less the umask.
      fchmod(descriptor, 0o660)
      if Self.bind(descriptor, address) != 0 {
        guard errno == EADDRINUSE else { throw Self.error(path) }
        try Self.removeDead(path, address)
        guard Self.bind(descriptor, address) == 0 else { throw Self.error(path) }
      }
      guard chmod(path, 0o660) == 0, listen(descriptor, 128) == 0 else { throw Self.error(path) }
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
  }

  /// Takes the file away; to be called while the socket still listens, so that nobody else can have replaced it.
  func removeFile() { unlink(path) }

  #if canImport(Glibc)
    private static let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
  #else
    private static let kind = SOCK_STREAM
  #endif

  private static func removeDead(_ path: String, _ address: sockaddr_un) throws(HTTPServerError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw error(path) }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw HTTPServerError(address: path, reason: "a file is there that is no socket; name another path")
    }
    let probe = socket(AF_UNIX, kind, 0)
    guard probe >= 0 else { throw error(path) }
    defer { close(probe) }
    let result = withAddress(address) { connect(probe, $0, $1) }
    guard result != 0, errno == ECONNREFUSED else {
      // EAGAIN: somebody listens, and has more who wait than he takes.
      throw HTTPServerError(address: path, reason: "another server listens there")
    }
    guard unlink(path) == 0 || errno == ENOENT else { throw error(path) }
  }

  private static func bind(_ descriptor: Int32, _ address: sockaddr_un) -> Int32 {
    withAddress(address) { address, size in
      #if canImport(Glibc)
        Glibc.bind(descriptor, address, size)
      #else
        Darwin.bind(descriptor, address, size)
      #endif
    }
  }

  private static func withAddress<Result>(
    _ address: sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }

  private static func address(_ path: String) throws(HTTPServerError) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard (1..<room).contains(path.utf8.count) else {
      throw HTTPServerError(address: path, reason: "a socket's path has 1 to \(room - 1) bytes")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return address
  }

  private static func error(_ path: String) -> HTTPServerError {
    HTTPServerError(address: path, reason: String(cString: strerror(errno)))
  }
}
