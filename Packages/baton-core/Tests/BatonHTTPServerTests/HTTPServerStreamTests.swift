import AMQP
import BatonHTTPServer
import Testing

@Suite(.timeLimit(.minutes(1)))
struct HTTPServerStreamTests {
  /// Says hello and then nothing; what has ended is told by `ended`.
  private struct Quiet {
    let route: HTTPRoute
    let ended: AsyncStream<Void>

    init() {
      let (ended, ends) = AsyncStream<Void>.makeStream()
      self.ended = ended
      route = HTTPRoute("GET", "/events") { _ in
        let stream = AsyncStream<[UInt8]> { continuation in
          continuation.onTermination = { _ in ends.yield() }
          continuation.yield([UInt8]("hello".utf8))
        }
        return HTTPResponse(headers: ["Content-Type": "text/event-stream"], body: .stream(stream))
      }
    }
  }

  private static let plain = HTTPRoute("GET", "/") { _ in HTTPResponse("ok") }
  private static let request = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n"

  private func listener(_ server: HTTPServer) async throws -> RawClient {
    let client = try RawClient(port: server.port)
    await client.send(Self.request)
    return client
  }

  @Test("A client that goes away while a stream is silent ends it")
  func leaves() async throws {
    let quiet = Quiet()
    let server = try HTTPServer(host: "127.0.0.1", port: 0, routes: [quiet.route])
    let client = try await listener(server)
    #expect(await client.read(until: "hello").contains("hello"))
    client.leave()
    for await _ in quiet.ended { break }
    server.stop()
  }

  @Test("A stream too many is refused, the rest lives on, and a place that becomes free is given again")
  func limit() async throws {
    let quiet = Quiet()
    var limits = HTTPServer.Limits()
    limits.streams = 2
    let server = try HTTPServer(host: "127.0.0.1", port: 0, routes: [quiet.route, Self.plain], limits: limits)
    let clients = [try await listener(server), try await listener(server)]
    for client in clients { #expect(await client.read(until: "hello").contains("hello")) }

    let refused = await (try await listener(server)).read()
    #expect(refused.hasPrefix("HTTP/1.1 503"))
    #expect(refused.contains("Retry-After: 10\r\n"))
    var ended = quiet.ended.makeAsyncIterator()
    // The refused one's stream was not left to run.
    await ended.next()

    let other = try RawClient(port: server.port)
    await other.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(await other.read().hasSuffix("ok"))

    clients[0].leave()
    await ended.next()
    var answer = ""
    // The stream has ended a moment before its connection has.
    while !answer.contains("hello") { answer = await (try await listener(server)).read(until: "hello") }
    server.stop()
  }

  @Test("Of many who want a stream as many get one as there may be, and the server lives on")
  func many() async throws {
    let quiet = Quiet()
    let server = try HTTPServer(host: "127.0.0.1", port: 0, routes: [quiet.route, Self.plain])
    var clients: [RawClient] = []
    var tally: [String: Int] = [:]
    for _ in 0..<400 {
      let client = try await listener(server)
      clients.append(client)
      let answer = await client.read(until: "\r\n")
      tally[String(answer.prefix(12)), default: 0] += 1
    }
    #expect(tally == ["HTTP/1.1 200": 256, "HTTP/1.1 503": 144])
    let other = try RawClient(port: server.port)
    await other.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(await other.read().hasSuffix("ok"))
    server.stop()
  }
}
