/// The published messages whose confirmation is awaited, in the order of publishing.
struct ConfirmWindow {
  /// One call of publish: it ends when each of its messages has been confirmed.
  final class Batch {
    private var confirmations: [Confirm]
    private var open: Int
    private let promise: Promise<[Confirm]>

    init(count: Int, promise: Promise<[Confirm]>) {
      confirmations = Array(repeating: .accepted, count: count)
      open = count
      self.promise = promise
    }

    func settle(_ index: Int, _ confirmation: Confirm) {
      confirmations[index] = confirmation
      open -= 1
      if open == 0 { promise.succeed(confirmations) }
    }

    func fail(_ error: any Error) { promise.fail(error) }
  }

  private struct Entry {
    let batch: Batch
    let index: Int
    let exchange: String
    let routingKey: String
    let messageID: String?
    var returned: Confirm?
    var isSettled = false
  }

  /// The confirmation number of `entries[head]`; RabbitMQ numbers from 1 on each channel.
  private var firstNumber: UInt64 = 1
  private var entries: [Entry] = []
  private var head = 0
  /// The oldest open message at the last look, and the first look that saw it there.
  private var seen: (number: UInt64, since: Moment)?

  mutating func append(_ publishing: Publishing, batch: Batch, index: Int) {
    entries.append(
      Entry(
        batch: batch, index: index, exchange: publishing.exchange, routingKey: publishing.routingKey,
        messageID: publishing.properties.messageID))
  }

  /// The broker's `basic.ack` or `basic.nack`.
  mutating func settle(_ number: UInt64, multiple: Bool, _ confirmation: Confirm) {
    guard number >= firstNumber else { return }
    let last = min(Int(number - firstNumber) + head, entries.count - 1)
    guard last >= head else { return }
    for position in (multiple ? head : last)...last where !entries[position].isSettled {
      entries[position].isSettled = true
      let entry = entries[position]
      entry.batch.settle(entry.index, confirmation == .accepted ? entry.returned ?? .accepted : confirmation)
    }
    dropSettled()
  }

  /// The broker's `basic.return`. It bears no number, so the oldest open message that looks the same is it; its ack comes after it.
  mutating func markReturned(exchange: String, routingKey: String, messageID: String?, _ confirmation: Confirm) {
    let match = entries[head...].firstIndex {
      !$0.isSettled && $0.returned == nil && $0.messageID == messageID && $0.routingKey == routingKey
        && $0.exchange == exchange
    }
    if let match { entries[match].returned = confirmation }
  }

  /// Since when the oldest open message has been the oldest, as far as the looks can tell; nil if none is open.
  mutating func oldest(at now: Moment) -> Moment? {
    guard head < entries.count else {
      seen = nil
      return nil
    }
    if let seen, seen.number == firstNumber { return seen.since }
    seen = (firstNumber, now)
    return now
  }

  mutating func failAll(_ error: any Error) {
    for entry in entries[head...] where !entry.isSettled { entry.batch.fail(error) }
    entries = []
    head = 0
  }

  /// Settled entries leave at the front; the array is moved up only when half of it is empty.
  private mutating func dropSettled() {
    while head < entries.count, entries[head].isSettled {
      head += 1
      firstNumber += 1
    }
    if head == entries.count {
      entries.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1024, head > entries.count / 2 {
      entries.removeFirst(head)
      head = 0
    }
  }
}
