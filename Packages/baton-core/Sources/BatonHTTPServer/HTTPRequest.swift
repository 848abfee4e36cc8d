/// What a client asks.
public struct HTTPRequest: Sendable, Hashable {
  /// `GET`, `POST`, …
  public let method: String
  /// Without the query: `/healthz`.
  public let path: String
  /// Decoded; of a name that stands twice the last value.
  public let query: [String: String]
  /// Names in lower case. The values of a name that stands twice have a comma between them, those of `cookie` a semicolon.
  ///
  /// Source: RFC 9110, section 5.3.
  public let headers: [String: String]
  /// What the route's pattern left open: of `/apps/:app` the member `app`.
  public internal(set) var parameters: [String: String]
  /// At most ``HTTPServer/bodyLimit`` bytes.
  public internal(set) var body: [UInt8]
  /// The address that the request came from, without the port; `unix` where that is a socket's file.
  public let client: String

  /// As a test makes one.
  public init(
    _ method: String = "GET", _ path: String = "/", query: [String: String] = [:], headers: [String: String] = [:],
    parameters: [String: String] = [:], body: [UInt8] = [], client: String = "127.0.0.1"
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { _, last in last }
    self.parameters = parameters
    self.body = body
    self.client = client
  }

  /// What the browser keeps for this site, as it was given; of a name that stands twice the first value, whose path is the longer.
  ///
  /// Source: RFC 6265, sections 4.2 and 5.4.
  public var cookies: [String: String] {
    var cookies: [String: String] = [:]
    for pair in headers["cookie", default: ""].split(separator: ";") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      let name = String(parts[0].drop { $0 == " " || $0 == "\t" })
      if cookies[name] == nil { cookies[name] = String(parts[1]) }
    }
    return cookies
  }
}
