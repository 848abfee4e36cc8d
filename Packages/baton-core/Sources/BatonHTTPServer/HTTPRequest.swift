/// What a client asks.
public struct HTTPRequest: Sendable, Hashable {
  /// `GET`, `POST`, …
  public let method: String
  /// Without the query: `/healthz`.
  public let path: String
  /// Decoded; of a name that stands twice the last value.
  public let query: [String: String]
  /// Names in lower case.
  public let headers: [String: String]
  /// What the route's pattern left open: of `/apps/:app` the member `app`.
  public internal(set) var parameters: [String: String] = [:]
  /// At most ``HTTPServer/bodyLimit`` bytes.
  public internal(set) var body: [UInt8] = []
}
