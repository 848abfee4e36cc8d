import BatonHTTPServer
import Foundation

/// A place that notices are posted to: keeps what comes, and answers as the test says.
final class Receiver: Sendable {
  private let seen: Seen
  private let server: HTTPServer

  actor Seen {
    private(set) var requests: [HTTPRequest] = []
    private var waiting: [(count: Int, CheckedContinuation<Void, Never>)] = []

    /// Gives the number of the request, from 0.
    func add(_ request: HTTPRequest) -> Int {
      requests.append(request)
      for (count, waiter) in waiting where requests.count >= count { waiter.resume() }
      waiting.removeAll { $0.count <= requests.count }
      return requests.count - 1
    }

    func wait(for count: Int) async {
      guard requests.count < count else { return }
      await withCheckedContinuation { waiting.append((count, $0)) }
    }
  }

  init(_ answer: @escaping @Sendable (Int, HTTPRequest) -> HTTPResponse = { _, _ in HTTPResponse("") }) throws {
    let seen = Seen()
    self.seen = seen
    let handler: HTTPRoute.Handler = { answer(await seen.add($0), $0) }
    server = try HTTPServer(
      host: "127.0.0.1", port: 0,
      routes: [HTTPRoute("POST", "/hook", handler), HTTPRoute("POST", "/hook/api/v2/alerts", handler)])
  }

  deinit { server.stop() }

  var url: String { "http://127.0.0.1:\(server.port)/hook" }

  /// What has come, once there are so many.
  func requests(_ count: Int) async -> [HTTPRequest] {
    await seen.wait(for: count)
    return await seen.requests
  }

  /// The bodies as JSON.
  func bodies(_ count: Int) async throws -> [Any] {
    try await requests(count).map { try JSONSerialization.jsonObject(with: Data($0.body)) }
  }
}
