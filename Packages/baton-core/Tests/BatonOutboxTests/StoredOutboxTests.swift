import Baton
import BatonOutbox
import TestSupport
import Testing

struct StoredOutboxTests {
  private func entry(_ number: Int64) -> OutboxEntry {
    OutboxEntry(
      number: number,
      output: Output(
        type: "success", body: [0, 255], messageID: "m\(number)", correlationID: "c", replyTo: nil, isFinal: true))
  }

  @Test("What was saved and not removed is there for the next process, in order")
  func survives() throws {
    let folder = try TemporaryFolder()
    do {
      let journal = try StoredOutbox(folder.path("outbox"))
      for number in 1...3 { try journal.save(entry(Int64(number))) }
      try journal.remove([2])
    }
    #expect(try StoredOutbox(folder.path("outbox")).load() == [entry(1), entry(3)])
  }
}
