/// Methods that a channel performs now and then, by which it is seen whether the broker still has what they make.
///
/// The connection's thread does it by itself: a task would have to be woken, with the timers and threads of Swift's pool, which is more
/// than all else that an idle agent does.
struct Upkeep {
  /// The mean time between two looks, in milliseconds; the real one is up to a third less or more, so that a fleet does not look in step.
  ///
  /// With the longest first wait before a new connection a service whose bindings are gone hears again within 5 s. A look costs one
  /// broker 0.12 ms of a core for each binding: 0.8 cores for 10,000 hosts with two bindings each.
  static let interval: Int64 = 3_000
  /// The mean while the broker is slow to answer; a cluster is when it has much to do, since each of its nodes agrees to a binding.
  static let longestInterval: Int64 = 10_000
  /// How much longer the time between two looks is, at least, than the quicker of the last two: one that was slow is a hiccup.
  private static let share: Int64 = 20

  let methods: [Method]
  /// When to look; nil while a look is under way.
  private(set) var next: Moment?
  private var started: Moment
  /// How long the look before took, in milliseconds.
  private var before: Int64 = 0

  init(_ methods: [Method], at now: Moment) {
    self.methods = methods
    started = now
    next = now + Self.pause(around: Self.interval)
  }

  /// Whether a look begins now.
  mutating func begin(at now: Moment) -> Bool {
    guard let next, now >= next else { return false }
    self.next = nil
    started = now
    return true
  }

  /// All that was asked is answered, and with it the look, if one is under way.
  mutating func end(at now: Moment) {
    guard next == nil else { return }
    let time = now - started
    next = now + Self.pause(around: min(max(Self.interval, min(time, before) * Self.share), Self.longestInterval))
    before = time
  }

  private static func pause(around mean: Int64) -> Int64 { .random(in: mean * 2 / 3...mean * 4 / 3) }
}
