/// How long to wait before the next attempt: doubling from half a second to three, and of that a random part ("full jitter"), so that
/// a fleet that lost its broker does not come back in one wave.
public struct Backoff: Sendable {
  public var first: Duration = .milliseconds(500)
  public var longest: Duration = .seconds(3)
  public private(set) var attempts = 0

  public init(longest: Duration = .seconds(3)) { self.longest = longest }

  public mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
    let ceiling = min(longest, first * (1 << min(attempts, 16)))
    attempts += 1
    return ceiling * Double.random(in: 0...1, using: &generator)
  }
}
