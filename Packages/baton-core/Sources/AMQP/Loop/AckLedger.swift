/// Turns acknowledgements one by one, in any order, into as few `basic.ack` as say the same.
///
/// One ack of many costs the broker far less than many acks of one.
struct AckLedger {
  struct Ack: Equatable {
    var tag: UInt64
    var multiple: Bool
  }

  /// Every delivery up to this tag is settled.
  private var floor: UInt64 = 0
  /// The settled tags above the floor.
  private var above: Set<UInt64> = []
  /// Acknowledged, and not yet said to the broker.
  private var unsaid: [UInt64] = []

  /// Whether there is nothing to say.
  var isEmpty: Bool { unsaid.isEmpty }

  mutating func acknowledge(_ tag: UInt64) { unsaid.append(tag) }

  /// A delivery that was rejected: nothing is to be said any more.
  mutating func settled(_ tag: UInt64) {
    above.insert(tag)
  }

  /// What to say now.
  mutating func flush() -> [Ack] {
    guard !unsaid.isEmpty || !above.isEmpty else { return [] }
    above.formUnion(unsaid)
    let oldFloor = floor
    while above.remove(floor + 1) != nil { floor += 1 }
    defer { unsaid.removeAll(keepingCapacity: true) }
    var last = oldFloor
    var acks: [Ack] = []
    for tag in unsaid where tag > oldFloor {
      if tag <= floor { last = max(last, tag) } else { acks.append(Ack(tag: tag, multiple: false)) }
    }
    if last > oldFloor { acks.append(Ack(tag: last, multiple: last > oldFloor + 1)) }
    return acks
  }
}
