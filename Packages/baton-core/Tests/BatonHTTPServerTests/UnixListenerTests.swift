import Foundation
import Testing

@testable import BatonHTTPServer

struct UnixListenerTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "/baton-socket-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private var path: String { "\(folder)/web.sock" }

  private func server() throws -> HTTPServer {
    try HTTPServer(path: path, routes: [HTTPRoute("GET", "/") { HTTPResponse("from \($0.client)") }])
  }

  @Test("A socket's file is answered on, is open to its owner and group alone, and goes at the end")
  func answers() async throws {
    let server = try server()
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o660)
    let client = try RawClient(path: path)
    await client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(await client.read().hasSuffix("from unix"))
    server.stop()
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("The file of a server that is gone is replaced")
  func replaces() throws {
    let dead = try UnixListener(path)
    close(dead.descriptor)
    #expect(FileManager.default.fileExists(atPath: path))
    let server = try server()
    _ = try RawClient(path: path)
    server.stop()
  }

  @Test("A server that lives keeps its place")
  func refusesLive() async throws {
    let first = try server()
    #expect { try server() } throws: { "\($0)" == "could not listen on \(path): another server listens there" }
    let client = try RawClient(path: path)
    await client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(await client.read().hasSuffix("from unix"))
    first.stop()
  }

  @Test("Any other file is left alone, and a path that is too long is said")
  func refusesOthers() throws {
    try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
    #expect { try server() } throws: { "\($0)".contains("no socket") }
    #expect(FileManager.default.contents(atPath: path) == Data("mine".utf8))
    let long = "\(folder)/" + String(repeating: "x", count: 200)
    #expect { try HTTPServer(path: long, routes: []) } throws: { "\($0)".contains("1 to 107 bytes") }
  }
}
