import Testing

@testable import AMQP

struct AckLedgerTests {
  @Test("Acknowledgements without a gap become one for all of them")
  func contiguous() {
    var ledger = AckLedger()
    for tag in [3, 1, 2] as [UInt64] { ledger.acknowledge(tag) }
    #expect(ledger.flush() == [.init(tag: 3, multiple: true)])
    #expect(ledger.flush().isEmpty)
  }

  @Test("One above a gap is said alone, and not again when the gap closes")
  func gap() {
    var ledger = AckLedger()
    ledger.acknowledge(2)
    #expect(ledger.flush() == [.init(tag: 2, multiple: false)])
    ledger.acknowledge(1)
    #expect(ledger.flush() == [.init(tag: 1, multiple: false)])
    ledger.acknowledge(3)
    #expect(ledger.flush() == [.init(tag: 3, multiple: false)])
  }

  @Test("A rejected delivery is no gap")
  func rejected() {
    var ledger = AckLedger()
    _ = ledger.settle(1)
    ledger.acknowledge(2)
    ledger.acknowledge(3)
    #expect(ledger.flush() == [.init(tag: 3, multiple: true)])
  }

  @Test("A delivery is acknowledged to the broker once, since a second time would close the channel")
  func twice() {
    var ledger = AckLedger()
    ledger.acknowledge(1)
    #expect(ledger.flush() == [.init(tag: 1, multiple: false)])
    ledger.acknowledge(1)
    #expect(ledger.flush().isEmpty)
    let isNew = ledger.settle(1)
    #expect(!isNew)
  }

  @Test("Nor is one above a gap, or one that was rejected")
  func twiceAboveGap() {
    var ledger = AckLedger()
    ledger.acknowledge(3)
    ledger.acknowledge(3)
    #expect(ledger.flush() == [.init(tag: 3, multiple: false)])
    ledger.acknowledge(3)
    let isNew = (ledger.settle(2), ledger.settle(2))
    #expect(isNew == (true, false))
    ledger.acknowledge(2)
    #expect(ledger.flush().isEmpty)
  }
}
