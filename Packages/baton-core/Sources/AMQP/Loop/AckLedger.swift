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

  mutating func acknowledge(_ tag: UInt64) {
    if settle(tag) { unsaid.append(tag) }
  }

  /// Notes that something is said of a delivery; false if that has been done before, which must not be said again.
  mutating func settle(_ tag: UInt64) -> Bool { tag > floor && above.insert(tag).inserted }

  /// What to say now.
  mutating func flush() -> [Ack] {
    guard !above.isEmpty else { return [] }
    let oldFloor = floor
    while above.remove(floor + 1) != nil { floor += 1 }
    defer { unsaid.removeAll(keepingCapacity: true) }
    var last = oldFloor
    var acks: [Ack] = []
    for tag in unsaid {
      if tag <= floor { last = max(last, tag) } else { acks.append(Ack(tag: tag, multiple: false)) }
    }
    if last > oldFloor { acks.append(Ack(tag: last, multiple: last > oldFloor + 1)) }
    return acks
  }
}
