import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A client that sends the bytes it is told, well-formed or not. Its calls block, on threads of their own.
final class RawClient: Sendable {
  struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
  }

  private let descriptor: Int32

  /// To a port of 127.0.0.1.
  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, 16) }
    }
    guard result == 0 else { throw Failure("connect") }
    limit()
  }

  /// To a socket's file.
  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw Failure("connect") }
    limit()
  }

  /// Nobody waits for ever for a server that says nothing.
  private func limit() {
    var time = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// Says no more, and hears no more.
  func leave() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// False if the server has closed its end.
  @discardableResult
  func send(_ text: String) async -> Bool {
    await aside { Glibc.send(self.descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) >= 0 }
  }

  /// What comes until the text is in it, or the server closes the connection.
  func read(until end: String? = nil) async -> String {
    await aside {
      var text = ""
      var chunk = [UInt8](repeating: 0, count: 4096)
      while end.map({ !text.contains($0) }) ?? true {
        let count = recv(self.descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { break }
        text += String(decoding: chunk.prefix(count), as: UTF8.self)
      }
      return text
    }
  }

  private func aside<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: body()) }
    }
  }
}
