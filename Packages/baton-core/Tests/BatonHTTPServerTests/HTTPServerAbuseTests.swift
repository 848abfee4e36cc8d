import AMQP
import BatonHTTPServer
import Testing

/// What clients do that mean no good, or do not know better: it is refused, and the server lives on.
@Suite(.timeLimit(.minutes(1)))
struct HTTPServerAbuseTests {
  private static let routes = [
    HTTPRoute("GET", "/") {
      HTTPResponse("\($0.client) \($0.headers["x-test"] ?? "-") \($0.headers["cookie"] ?? "-")")
    },
    HTTPRoute("POST", "/") { HTTPResponse("\($0.body.count)") },
  ]

  private func server(
    _ routes: [HTTPRoute] = Self.routes, _ change: (inout HTTPServer.Limits) -> Void = { _ in }
  ) throws -> HTTPServer {
    var limits = HTTPServer.Limits()
    change(&limits)
    return try HTTPServer(host: "127.0.0.1", port: 0, routes: routes, limits: limits)
  }

  private func ask(_ server: HTTPServer, _ text: String) async throws -> String {
    let client = try RawClient(port: server.port)
    await client.send(text)
    return await client.read()
  }

  /// What it says to somebody who asks properly.
  private func isAlive(_ server: HTTPServer) async throws -> Bool {
    try await ask(server, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").hasSuffix("127.0.0.1 - -")
  }

  @Test("A header that stands twice is seen twice, in whatever case")
  func doubled() async throws {
    let server = try server()
    let answer = try await ask(
      server,
      "GET / HTTP/1.1\r\nHost: x\r\nX-Test: a\r\nx-test: b\r\nCookie: c=1\r\nCookie: d=2\r\nConnection: close\r\n\r\n")
    #expect(answer.hasSuffix("127.0.0.1 a, b c=1; d=2"))
  }

  @Test("HEAD has the headers of GET and no body")
  func head() async throws {
    let server = try server()
    let answer = try await ask(server, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(answer.hasPrefix("HTTP/1.1 200"))
    #expect(answer.contains("Content-Length: 13\r\n"))
    #expect(answer.hasSuffix("\r\n\r\n"))
  }

  @Test(
    "What is no request is refused, or cut off",
    arguments: [
      "NONSENSE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "\0\0\0\0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ])
  func malformed(_ request: String) async throws {
    let server = try server { $0.request = .seconds(1) }
    let answer = try await ask(server, request)
    #expect(!answer.hasPrefix("HTTP/1.1 2"), "\(answer)")
    #expect(try await isAlive(server))
  }

  @Test("Headers of 8 KB are taken, those of 64 KB are refused")
  func headers() async throws {
    let server = try server()
    let text = { count in
      "GET / HTTP/1.1\r\nHost: x\r\nX-Test: \(String(repeating: "h", count: count))\r\nConnection: close\r\n\r\n"
    }
    #expect(try await ask(server, text(8 * 1024)).contains("127.0.0.1 hhh"))
    let client = try RawClient(port: server.port)
    // It may be cut off while it speaks.
    await client.send(text(64 * 1024))
    #expect(!(await client.read()).hasPrefix("HTTP/1.1 2"))
    #expect(try await isAlive(server))
  }

  @Test("A body of 10 MB is refused before it is sent")
  func announced() async throws {
    let server = try server()
    let answer = try await ask(server, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\n")
    #expect(answer.hasPrefix("HTTP/1.1 413"))
    #expect(try await isAlive(server))
  }

  @Test("A body that does not end is cut off")
  func endless() async throws {
    let server = try server()
    let client = try RawClient(port: server.port)
    await client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = "10000\r\n\(String(repeating: "x", count: 0x10000))\r\n"
    var count = 0
    while await client.send(chunk), count < 10_000 { count += 1 }
    #expect(count < 10_000)
    #expect(try await isAlive(server))
  }

  @Test("Who sends a byte now and then, and never ends, is cut off though never idle")
  func slow() async throws {
    let server = try server { $0.request = .seconds(1) }
    let client = try RawClient(port: server.port)
    await client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Test: ")
    let isOver = Locked(false)
    async let end = client.read()
    async let talk: Void = {
      // Nothing is waited for: this is the client's pace.
      while !isOver.withLock({ $0 }), await client.send("a") { try? await Task.sleep(for: .milliseconds(50)) }
    }()
    #expect(await end == "")
    isOver.withLock { $0 = true }
    await talk
    #expect(try await isAlive(server))
  }

  @Test("A slow handler is not the client's fault")
  func slowHandler() async throws {
    let (waiting, waits) = AsyncStream<Void>.makeStream()
    let route = HTTPRoute("GET", "/slow") { _ in
      for await _ in waiting { break }
      return HTTPResponse("done")
    }
    let server = try server(Self.routes + [route]) { $0.request = .seconds(1) }
    async let answer = ask(server, "GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    // Somebody else is cut off meanwhile.
    #expect(try await ask(server, "GET /") == "")
    waits.yield()
    #expect(try await answer.hasSuffix("done"))
  }
}
