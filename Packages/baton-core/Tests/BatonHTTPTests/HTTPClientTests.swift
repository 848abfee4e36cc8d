import Foundation
import TestSupport
import Testing

@testable import BatonHTTP

struct HTTPClientTests {
  private let folder: TemporaryFolder
  private let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  init() throws { folder = try TemporaryFolder() }

  private var client: HTTPClient {
    var client = HTTPClient()
    client.schemes = [.http, .https, .file]
    client.timeout = .seconds(20)
    return client
  }

  private func contents(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

  /// The offset that a request wants to go on from.
  private static func offset(_ request: String) -> Int? {
    request.range(of: "Range: bytes=").flatMap { Int(request[$0.upperBound...].prefix { $0.isNumber }) }
  }

  @Test("A body and its status come back")
  func get() async throws {
    let server = try TinyServer { _, _ in TinyServer.answer("503 No", body: [UInt8]("later".utf8)) }
    let response = try await client.get(server.url("/health"))
    #expect(response == .init(status: 503, body: [UInt8]("later".utf8)))
    #expect(!response.isSuccess)
  }

  @Test("How long the server wants to be left alone comes back")
  func retryAfter() async throws {
    let server = try TinyServer { _, _ in TinyServer.answer("429 Slowly", "Retry-After: 7\r\n") }
    #expect(try await client.get(server.url("/")).retryAfter == .seconds(7))
  }

  @Test("A post carries its body and headers")
  func post() async throws {
    let server = try TinyServer { _, _ in TinyServer.answer("200 OK") }
    let response = try await client.post([UInt8](#"{"a":1}"#.utf8), to: server.url("/hook"), headers: ["X-Test": "7"])
    #expect(response.isSuccess)
    let request = try #require(server.requests.first)
    #expect(request.hasPrefix("POST /hook HTTP/1.1"))
    #expect(request.contains("X-Test: 7"))
    #expect(request.contains("Content-Type: application/json"))
    #expect(request.hasSuffix(#"{"a":1}"#))
  }

  @Test("A connection is kept for the next transfer where that is wanted, and made anew when it has gone")
  func keptConnections() async throws {
    let server = try TinyServer { number, _ in TinyServer.answer("200 OK", keepsConnection: number != 2) }
    var client = client
    client.connections = HTTPConnections()
    for number in 0..<3 {
      #expect(try await client.post([UInt8("\(number)".utf8.first ?? 0)], to: server.url("/a")).isSuccess)
    }
    #expect(server.connections == 1)
    // Nothing of an earlier transfer is left in a later one.
    #expect(try await client.get(server.url("/b"), limit: 10).isSuccess)
    #expect(server.connections == 2)
    #expect(server.requests.map { String($0.prefix(7)) } == ["POST /a", "POST /a", "POST /a", "GET /b "])
    #expect(server.requests[3].contains("Content-Type") == false)
  }

  @Test("Each transfer has a connection of its own unless they are kept")
  func ownConnections() async throws {
    let server = try TinyServer { _, _ in TinyServer.answer("200 OK", keepsConnection: true) }
    for _ in 0..<2 { _ = try await client.get(server.url("/a")) }
    #expect(server.connections == 2)
  }

  @Test("A server is reached without being asked for anything")
  func reach() async throws {
    let server = try TinyServer { _, _ in TinyServer.answer("200 OK") }
    try await client.reach(server.url("/a"))
    #expect(server.requests.isEmpty)
    do {
      try await client.reach("http://127.0.0.1:1/a")
      Issue.record("nothing was thrown")
    } catch let error as HTTPError {
      #expect(error.code == .unreachable)
      #expect(error.action == "reach http://127.0.0.1:1/a")
    }
  }

  @Test("A file is downloaded whole")
  func download() async throws {
    let server = try TinyServer { [bytes] _, _ in TinyServer.answer("200 OK", body: bytes) }
    let path = folder.path("a")
    let (size, resumedAt) = try await client.download(server.url("/a"), to: path, limit: 1_000_000)
    #expect(size == 200_000)
    #expect(resumedAt == 0)
    #expect(try contents(path) == bytes)
  }

  @Test("A download that broke off goes on where it ended")
  func resumes() async throws {
    let server = try TinyServer { [bytes] number, request in
      if number == 0 {
        // It promises all and closes after a part.
        return TinyServer.answer("200 OK", body: bytes).dropLast(120_000)
      }
      let offset = Self.offset(request) ?? 0
      return TinyServer.answer(
        "206 Partial", "Content-Range: bytes \(offset)-199999/200000\r\n", body: Array(bytes[offset...]))
    }
    let path = folder.path("a")
    try await client.download(server.url("/a"), to: path, limit: 1_000_000, clock: ImmediateClock())
    #expect(try contents(path) == bytes)
    #expect(server.requests.map(Self.offset) == [nil, 80_000])
  }

  @Test(
    "A server that knows no ranges, or has something shorter now, is asked for all", arguments: ["200 OK", "416 No"])
  func startsOver(status: String) async throws {
    let server = try TinyServer { [bytes] _, request in
      Self.offset(request) != nil && status.hasPrefix("416")
        ? TinyServer.answer(status) : TinyServer.answer("200 OK", body: bytes)
    }
    let path = folder.path("a")
    try folder.write([1, 2, 3], to: "a")
    try await client.download(server.url("/a"), to: path, limit: 1_000_000)
    #expect(try contents(path) == bytes)
  }

  @Test("A server that is out of order is asked again, and not for ever")
  func retries() async throws {
    let server = try TinyServer { [bytes] number, _ in
      number < 2 ? TinyServer.answer("502 Bad") : TinyServer.answer("200 OK", body: bytes)
    }
    let path = folder.path("a")
    try await client.download(server.url("/a"), to: path, limit: 1_000_000, clock: ImmediateClock())
    #expect(try contents(path) == bytes)

    let broken = try TinyServer { _, _ in TinyServer.answer("502 Bad") }
    await #expect(throws: HTTPError.self) {
      try await client.download(broken.url("/a"), to: folder.path("b"), limit: 1, clock: ImmediateClock())
    }
    #expect(broken.requests.count == 3)
  }

  @Test("What is not there is an error at once, and leaves no page of words in the file")
  func notFound() async throws {
    let server = try TinyServer { _, _ in TinyServer.answer("404 Not Found", body: [UInt8]("<html>".utf8)) }
    let path = folder.path("a")
    do {
      try await client.download(server.url("/secret/a?token=7"), to: path, limit: 1000)
      Issue.record("nothing was thrown")
    } catch let error as HTTPError {
      #expect(error.code == .status)
      #expect(error.status == 404)
      #expect("\(error)" == "could not fetch \(server.url("/secret/a")): the server answered 404")
    }
    #expect(try contents(path).isEmpty)
    #expect(server.requests.count == 1)
  }

  @Test("More than the limit is refused, whether the server says the size or not")
  func tooLarge() async throws {
    let head = [UInt8]("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8)
    for answer in [TinyServer.answer("200 OK", body: bytes), head + bytes] {
      let server = try TinyServer { _, _ in answer }
      do {
        try await client.download(server.url("/a"), to: folder.path("a"), limit: 100_000)
        Issue.record("nothing was thrown")
      } catch HTTPError.Code.tooLarge {
        #expect(try contents(folder.path("a")).count <= 100_000)
      }
    }
  }

  @Test("A scheme that is not wanted is refused before anything is sent, also by redirect")
  func schemes() async throws {
    let path = try folder.write([1], to: "a")
    for address in ["ftp://x/a", "gopher://x", "/etc/passwd", "file:/etc/passwd", "http://x/"] {
      do {
        _ = try await HTTPClient().get(address)
        Issue.record("\(address) was fetched")
      } catch HTTPError.Code.badAddress {}
    }
    let server = try TinyServer { _, _ in TinyServer.answer("302 Found", "Location: file://\(path)\r\n") }
    do {
      _ = try await client.get(server.url("/a"))
      Issue.record("a redirect to a file was followed")
    } catch HTTPError.Code.badAddress {}
  }

  @Test("A file is fetched as any other, and one that is not there is told")
  func file() async throws {
    try folder.write(bytes, to: "from")
    let path = folder.path("to")
    try await client.download("file://\(folder.path("from"))", to: path, limit: 1_000_000)
    #expect(try contents(path) == bytes)
    do {
      try await client.download("file://\(folder.path("absent"))", to: folder.path("c"), limit: 1)
      Issue.record("nothing was thrown")
    } catch HTTPError.Code.status {}
  }

  @Test("A server that says nothing is given up after the time")
  func timeout() async throws {
    let open = DispatchSemaphore(value: 0)
    defer { open.signal() }
    let server = try TinyServer { _, _ in
      open.wait()
      return []
    }
    var client = client
    client.timeout = .milliseconds(100)
    do {
      _ = try await client.get(server.url("/a"))
      Issue.record("nothing was thrown")
    } catch HTTPError.Code.timedOut {}
  }

  @Test("A cancelled transfer ends")
  func cancelled() async throws {
    let asked = AsyncStream.makeStream(of: Void.self)
    let open = DispatchSemaphore(value: 0)
    defer { open.signal() }
    let server = try TinyServer { _, _ in
      asked.continuation.yield()
      open.wait()
      return []
    }
    let task = Task { [client] in try await client.get(server.url("/a")) }
    for await _ in asked.stream { break }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("An address is shown without user, password and query")
  func redacted() {
    #expect("https://u:p@host:8/a/b?token=1#x".withoutCredentials == "https://host:8/a/b")
    #expect("file:///a".withoutCredentials == "file:///a")
  }
}

/// A clock on which every wait is over at once.
struct ImmediateClock: Clock {
  typealias Duration = Swift.Duration
  typealias Instant = ContinuousClock.Instant

  var now: Instant { .now }
  var minimumResolution: Duration { .zero }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws { try Task.checkCancellation() }
}
