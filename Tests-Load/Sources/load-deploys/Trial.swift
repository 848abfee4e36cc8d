/// One way in which an agent is killed in the middle of what it does.
enum Trial: Sendable, Hashable {
  /// By itself, between two changes of the journal or the disk; in a deploy that works, or in one that has to be taken back.
  case point(String, isSick: Bool)
  /// At a moment that chance takes.
  case random

  /// Each point of a deploy, in order.
  private static let points = [
    "accept.done", "fetch.begun", "fetch.done", "verify.begun", "verify.done", "unpack.begun", "unpack.unpacked",
    "unpack.adopted", "unpack.done", "link.begun", "link.done", "before.begun", "before.done", "switch.begun",
    "switch.renamed", "switch.done", "after.begun", "after.done", "restart.begun", "restart.done", "health.begun",
    "health.done", "prune.begun", "prune.done", "end.begun", "end.done",
  ]
  /// Those of the way back.
  private static let pointsBack = ["restore.begun", "restore.done", "end.begun"]

  /// Each point so many times, and so many random moments, in random order.
  static func all(each: Int, random: Int, using generator: inout some RandomNumberGenerator) -> [Trial] {
    let points =
      points.map { Trial.point($0, isSick: false) } + pointsBack.map { Trial.point($0, isSick: true) }
    let trials = Array(repeating: points, count: each).joined() + Array(repeating: .random, count: random)
    return trials.shuffled(using: &generator)
  }

  /// As the ledger has it.
  var name: String {
    switch self {
    case .point(let point, let isSick): isSick ? "\(point), going back" : point
    case .random: "a random moment"
    }
  }

  var isSick: Bool { if case .point(_, true) = self { true } else { false } }
}

/// SplitMix64: the same order for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
