/// What a client is answered.
public struct HTTPResponse: Sendable {
  public enum Body: Sendable {
    case bytes([UInt8])
    /// Sent as it comes, until it ends or the client goes away; then the stream is dropped, which its producer hears of.
    case stream(AsyncStream<[UInt8]>)
  }

  public var status: Int
  public var headers: [String: String]
  public var body: Body

  public init(status: Int = 200, headers: [String: String] = [:], body: Body) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A text of some type.
  public init(status: Int = 200, contentType: String = "text/plain; charset=utf-8", _ text: String) {
    self.init(status: status, headers: ["Content-Type": contentType], body: .bytes([UInt8](text.utf8)))
  }
}
