import AMQP
import BatonHTTP
import Testing

@testable import BatonHTTPServer

struct HTTPServerTests {
  private var client: HTTPClient {
    var client = HTTPClient()
    client.schemes = [.http]
    client.timeout = .seconds(10)
    return client
  }

  private func server(_ routes: HTTPRoute...) throws -> HTTPServer {
    try HTTPServer(host: "127.0.0.1", port: 0, routes: routes)
  }

  private func url(_ server: HTTPServer, _ path: String) -> String { "http://127.0.0.1:\(server.port)\(path)" }

  private func text(_ response: HTTPClient.Response) -> String { String(decoding: response.body, as: UTF8.self) }

  @Test("A route answers with status, headers and body")
  func answers() async throws {
    let server = try server(
      HTTPRoute("GET", "/apps/:app") { request in
        HTTPResponse(status: 201, "\(request.parameters["app"] ?? "") \(request.query["of"] ?? "")")
      })
    let response = try await client.get(url(server, "/apps/shop?of=a%20b"))
    #expect(response.status == 201)
    #expect(text(response) == "shop a b")
  }

  @Test("What is not there, or not under this method, is said so")
  func refuses() async throws {
    let server = try server(HTTPRoute("GET", "/x") { _ in HTTPResponse("") })
    #expect(try await client.get(url(server, "/y")).status == 404)
    #expect(try await client.get(url(server, "/x/")).status == 404)
    #expect(try await client.post([1], to: url(server, "/x")).status == 405)
  }

  @Test("A body comes whole, and one that is too large is refused")
  func bodies() async throws {
    let server = try server(HTTPRoute("POST", "/") { request in HTTPResponse("\(request.body.count)") })
    let sizes = [0, 1, 100_000, HTTPServer.bodyLimit]
    for size in sizes {
      let response = try await client.post([UInt8](repeating: 7, count: size), to: url(server, "/"))
      #expect(text(response) == "\(size)")
    }
    let tooMuch = [UInt8](repeating: 7, count: HTTPServer.bodyLimit + 1)
    #expect(try await client.post(tooMuch, to: url(server, "/")).status == 413)
  }

  @Test("A stream is sent as it comes, across sleeps of the connection")
  func streams() async throws {
    let (stream, pieces) = AsyncStream<[UInt8]>.makeStream()
    let (asked, asks) = AsyncStream<Void>.makeStream()
    let server = try server(
      HTTPRoute("GET", "/") { _ in
        asks.yield()
        return HTTPResponse(headers: ["Content-Type": "text/event-stream"], body: .stream(stream))
      })
    async let response = client.get(url(server, "/"))
    for await _ in asked { break }
    for number in 0..<1000 {
      pieces.yield([UInt8]("\(number) ".utf8))
      await Task.yield()
    }
    pieces.finish()
    #expect(text(try await response) == (0..<1000).map { "\($0) " }.joined())
  }

  @Test("Many at once are answered, none with another's answer")
  func concurrent() async throws {
    let server = try server(
      HTTPRoute("GET", "/:n") { request in
        await Task.yield()
        return HTTPResponse(request.parameters["n"] ?? "")
      })
    try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for number in 0..<100 {
        group.addTask { (number, text(try await client.get(url(server, "/\(number)")))) }
      }
      for try await (number, text) in group { #expect(text == "\(number)") }
    }
  }

  @Test("It stops while a handler works and a stream is silent, and both hear of it", .timeLimit(.minutes(1)))
  func stops() async throws {
    let (working, works) = AsyncStream<Void>.makeStream()
    let cancelled = Promise<Void>()
    let server = try server(
      HTTPRoute("GET", "/handler") { _ in
        works.yield()
        try? await Promise<Void>().value
        cancelled.succeed(())
        return HTTPResponse("")
      },
      HTTPRoute("GET", "/stream") { _ in
        works.yield()
        return HTTPResponse(body: .stream(AsyncStream { $0.onTermination = { _ in works.yield() } }))
      })
    let client = client
    let urls = [url(server, "/handler"), url(server, "/stream")]
    // Ended by the stop, and awaited.
    let clients = urls.map { url in Task { try? await client.get(url) } }
    var iterator = working.makeAsyncIterator()
    _ = await iterator.next()
    _ = await iterator.next()
    server.stop()
    try await cancelled.value
    _ = await iterator.next()
    for client in clients { _ = await client.value }
  }

  @Test("A port that is taken, and an address that is none, are said in words")
  func cannotListen() throws {
    let first = try server()
    #expect { try HTTPServer(host: "127.0.0.1", port: first.port, routes: []) } throws: { error in
      "\(error)" == "could not listen on 127.0.0.1 port \(first.port): Address already in use"
    }
    #expect(throws: HTTPServerError.self) { try HTTPServer(host: "example", port: 0, routes: []) }
  }
}
