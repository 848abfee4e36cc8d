/// What one host has to say to a request, or what became of the request there.
public struct Answer<Reply: Message>: Sendable {
  public enum Outcome: Sendable {
    /// It did what was asked.
    case reply(Reply)
    /// It did, and says so in words (`success`).
    case succeeded(String)
    /// It could not.
    case failed(Failure)
    /// It is at it; the last word is still to come.
    case progress(AnyMessage)
    /// Nobody listens there: the broker returned the request.
    case notConnected
    /// It listens, or did, and no final answer came in time.
    case silent
  }

  /// Who answers. For ``Outcome/notConnected`` and ``Outcome/silent`` what was asked for: its environment is the target's key, its
  /// `fqdn` the named host, or empty if nobody at all listens to the key.
  public let sender: Server
  public let outcome: Outcome
  /// From the publishing of the request.
  public let elapsed: Duration

  /// Whether this is a host's own last word: a reply, a success or a failure.
  public var isFinal: Bool {
    switch outcome {
    case .reply, .succeeded, .failed: true
    case .progress, .notConnected, .silent: false
    }
  }
}
