import TestSupport
import Testing

@testable import BatonCLI

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct NotifierTests {
  /// A service manager's end of the socket.
  private final class Manager {
    private let descriptor: Int32

    /// - Parameter path: with a leading '@' for an abstract name.
    init(_ path: String) throws {
      descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { name in
        name.copyBytes(from: path.utf8)
        if path.hasPrefix("@") { name[0] = 0 }
      }
      let length = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
      let status = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
      }
      try #require(status == 0, "\(String(cString: strerror(errno)))")
    }

    deinit { close(descriptor) }

    /// The next datagram that is there already; nil if there is none.
    var next: String? {
      var bytes = [UInt8](repeating: 0, count: 1024)
      let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
      return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
  }

  private func sayEverything(_ notifier: Notifier) {
    notifier.ready()
    notifier.status("one\ntwo")
    notifier.alive()
    notifier.stopping()
  }

  private let everything = ["READY=1", "STATUS=one two", "WATCHDOG=1", "STOPPING=1"]

  @Test("Each word is one datagram to the socket that was named")
  func path() throws {
    let folder = try TemporaryFolder()
    let manager = try Manager(folder.path("notify"))
    sayEverything(Notifier(environment: ["NOTIFY_SOCKET": folder.path("notify")]))
    #expect(everything.map { _ in manager.next } == everything)
    #expect(manager.next == nil)
  }

  @Test("An abstract name is found as well")
  func abstract() throws {
    let name = "@baton-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    let manager = try Manager(name)
    sayEverything(Notifier(environment: ["NOTIFY_SOCKET": name]))
    #expect(everything.map { _ in manager.next } == everything)
  }

  @Test("Nobody to tell is no trouble")
  func nobody() throws {
    for socket in [nil, "", "/nonexistent/notify", String(repeating: "x", count: 108)] {
      sayEverything(Notifier(environment: socket.map { ["NOTIFY_SOCKET": $0] } ?? [:]))
    }
  }

  @Test(
    "The watchdog is for this process, or it is none",
    arguments: [
      ([:], nil), (["WATCHDOG_USEC": "20000000"], .seconds(20)),
      (["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "\(getpid())"], .seconds(20)),
      (["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"], nil), (["WATCHDOG_USEC": "x"], nil),
      (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "-5"], nil),
    ] as [([String: String], Duration?)])
  func watchdog(environment: [String: String], expected: Duration?) {
    #expect(Notifier(environment: environment).watchdog == expected)
  }
}
