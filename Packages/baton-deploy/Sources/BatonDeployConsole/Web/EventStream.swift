import BatonHTTPServer

/// Server-sent events (<https://html.spec.whatwg.org/multipage/server-sent-events.html>): what is different, each time a bell rings.
///
/// A client that is slow is sent less often, and never more than it takes: what has changed meanwhile comes together.
enum EventStream {
  struct Event: Sendable {
    /// Sent again by a client that has lost its connection.
    var id: String?
    var name: String?
    var data: String

    var text: String {
      let lines = data.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
      return (id.map { "id: \($0)\n" } ?? "") + (name.map { "event: \($0)\n" } ?? "")
        + lines.map { "data: \($0)\n" }.joined() + "\n"
    }
  }

  /// A page does not flicker, and a thousand hosts do not fill the wire.
  private static let pace = Duration.milliseconds(100)
  /// After so long the client has to come again, and say again who it is.
  private static let life = Duration.seconds(600)

  /// Streams until `next` gives nil, the bell falls silent, or the client leaves.
  ///
  /// - Parameter next: what is to be sent now; without an event something is sent that keeps the connection alive.
  static func response(
    _ strokes: AsyncStream<Void>, _ next: @escaping @Sendable () async -> [Event]?
  ) -> HTTPResponse {
    let begun = ContinuousClock.now
    // Made when the server asks for more, which it does when the client has taken what there was.
    let pieces = AsyncStream<[UInt8]> {
      try? await Task.sleep(for: pace)
      var iterator = strokes.makeAsyncIterator()
      guard begun.duration(to: .now) < life, await iterator.next() != nil, let events = await next() else { return nil }
      let text = events.isEmpty ? "retry: 1000\n\n" : events.map(\.text).joined()
      return [UInt8](text.utf8)
    }
    return HTTPResponse(
      headers: [
        "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store",
        // nginx would keep it back (<https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering>).
        "X-Accel-Buffering": "no",
      ], body: .stream(pieces))
  }
}

extension Console {
  /// The last event of a rollout's stream, once nobody is at it any more: it may have been over, and seen so, for a moment before.
  func over(_ id: String) async -> [EventStream.Event] {
    await desk.isAtWork(id) ? [] : [EventStream.Event(name: "over", data: "")]
  }
}
