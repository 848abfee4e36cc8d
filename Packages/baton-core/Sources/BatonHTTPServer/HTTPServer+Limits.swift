extension HTTPServer {
  /// What clients together, and one of them, may take up.
  public struct Limits: Sendable, Hashable {
    /// Connections at once; who comes then waits until one ends. A process may usually have 1,024 files open, and needs some for its work.
    public var connections: UInt32 = 768
    /// Streams among them; one more is answered 503, and everything else goes on.
    public var streams = 256
    /// How long a client may say and take nothing, in whole seconds.
    public var idle: Duration = .seconds(30)
    /// From the connection, or the answer before, until a request is there whole: who sends a byte a second is never idle.
    public var request: Duration = .seconds(60)
    /// Until an answer has been taken whole, unless it is a stream.
    public var answer: Duration = .seconds(300)

    public init() {}
  }
}
