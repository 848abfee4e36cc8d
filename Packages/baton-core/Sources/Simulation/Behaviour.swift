/// How the hosts of a simulated fleet behave.
public struct Behaviour: Sendable, Hashable {
  /// The mean time until an answer; the real one is between none and twice as long.
  public var delay: Duration = .zero
  /// The part of the requests that is answered with a failure, from 0 to 1.
  public var failures = 0.0
  /// The part of the requests that is not answered at all.
  public var silences = 0.0
  /// How long a host stays on average before it leaves; nil: for ever.
  public var stay: Duration?
  /// How long it is away then.
  public var absence: Duration = .seconds(2)

  public init() {}

  enum Manner {
    case well, badly, notAtAll
  }

  func nextDelay() -> Duration { delay * Double.random(in: 0...2) }

  func nextStay() -> Duration? { stay.map { $0 * Double.random(in: 0...2) } }

  func nextManner() -> Manner {
    let dice = Double.random(in: 0..<1)
    return dice < failures ? .badly : dice < failures + silences ? .notAtAll : .well
  }
}
