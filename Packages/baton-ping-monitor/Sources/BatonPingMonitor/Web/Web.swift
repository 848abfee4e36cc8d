import BatonHTTPServer

/// What can be looked at with a browser, by Prometheus, and by whoever watches the watchman.
enum Web {
  static func routes(_ bridge: Bridge) -> [HTTPRoute] {
    [
      HTTPRoute("GET", "/") { _ in
        await answer(bridge, contentType: "text/html; charset=utf-8") { StatusPage(snapshot: $0).html }
      },
      HTTPRoute("GET", "/metrics") { _ in
        await answer(bridge, contentType: "text/plain; version=0.0.4; charset=utf-8") { Metrics(snapshot: $0).text }
      },
      HTTPRoute("GET", "/healthz") { _ in await health(bridge) },
    ]
  }

  private static func answer(
    _ bridge: Bridge, contentType: String, _ text: (Bridge.Snapshot) -> String
  ) async -> HTTPResponse {
    do {
      // Written here, while the bridge goes on.
      var response = HTTPResponse(contentType: contentType, text(try await bridge.snapshot()))
      response.headers["Cache-Control"] = "no-store"
      // The page brings all that it needs.
      response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
      return response
    } catch {
      return HTTPResponse(status: 503, "\(error)\n")
    }
  }

  /// 200 while it hears, or stands by for another; 503 with the reason otherwise.
  private static func health(_ bridge: Bridge) async -> HTTPResponse {
    let health = await bridge.health
    return HTTPResponse(status: health.isWell ? 200 : 503, health.words + "\n")
  }
}
