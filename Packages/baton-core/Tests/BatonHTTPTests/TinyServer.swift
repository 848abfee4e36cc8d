import AMQP
import Foundation

/// A server of HTTP/1.1 within the test: each request gets the next of its answers, and unless that keeps the connection it is closed.
final class TinyServer: Sendable {
  let port: Int
  private let descriptor: Int32
  private let seen = Locked<[String]>([])
  private let accepted = Locked(0)

  /// What was asked, each with its headers and, for a post, its body.
  var requests: [String] { seen.withLock { $0 } }

  /// How many connections there have been.
  var connections: Int { accepted.withLock { $0 } }

  func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  /// - Parameter answer: the number of the request, from 0, and its text, to the bytes of the answer.
  init(_ answer: @escaping @Sendable (Int, String) -> [UInt8]) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, length)
        _ = listen(descriptor, 16)
        _ = getsockname(descriptor, $0, &length)
      }
      return Int(UInt16(bigEndian: pointer.pointee.sin_port))
    }
    try Thread.start { [seen, accepted] in
      var number = 0
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        accepted.withLock { $0 += 1 }
        while true {
          let request = Self.read(connection)
          guard !request.isEmpty else { break }
          seen.withLock { $0.append(request) }
          let bytes = answer(number, request)
          number += 1
          _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
          guard !bytes.isEmpty, bytes.firstRange(of: Self.closing) == nil else { break }
        }
        close(connection)
      }
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  private static func read(_ connection: Int32) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let length = text.range(of: "Content-Length: ").flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
        if text[end.upperBound...].utf8.count >= length ?? 0 { return text }
      }
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return text }
      bytes += chunk.prefix(count)
    }
  }

  private static let closing = [UInt8]("Connection: close\r\n".utf8)

  static func answer(
    _ status: String, _ headers: String = "", body: [UInt8] = [], keepsConnection: Bool = false
  ) -> [UInt8] {
    [UInt8]("HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\n\(headers)".utf8)
      + (keepsConnection ? [] : closing) + [UInt8]("\r\n".utf8) + body
  }
}
