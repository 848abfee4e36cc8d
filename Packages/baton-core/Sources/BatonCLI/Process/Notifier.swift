import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tells systemd how the service is: one datagram to the socket that it named (sd_notify(3)). Silent where there is none.
public struct Notifier: Sendable {
  private let socketPath: String?
  /// How often systemd wants to hear that the service lives (`WATCHDOG_USEC`); nil if it does not.
  public let watchdog: Duration?

  public init(environment: [String: String]) {
    socketPath = environment["NOTIFY_SOCKET"]
    let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
    // Zero is no interval.
    let interval = environment["WATCHDOG_USEC"].flatMap { Int($0) } ?? 0
    watchdog = isForUs && interval > 0 ? .microseconds(interval) : nil
  }

  public func ready() { send("READY=1") }
  public func stopping() { send("STOPPING=1") }
  public func status(_ text: String) { send("STATUS=\(text.replacing("\n", with: " "))") }
  public func alive() { send("WATCHDOG=1") }

  /// A manager that does not hear is no reason to stop, so errors are not looked at.
  private func send(_ message: String) {
    guard let socketPath, socketPath.utf8.count < 108 else { return }
    #if canImport(Glibc)
      let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    #else
      let descriptor = socket(AF_UNIX, SOCK_DGRAM, 0)
    #endif
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { path in
      path.copyBytes(from: socketPath.utf8)
      // A leading '@' stands for the zero byte of an abstract name.
      if socketPath.hasPrefix("@") { path[0] = 0 }
    }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + socketPath.utf8.count)
    var text = message
    text.withUTF8 { bytes in
      withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          _ = sendto(descriptor, bytes.baseAddress, bytes.count, 0, $0, length)
        }
      }
    }
  }
}
