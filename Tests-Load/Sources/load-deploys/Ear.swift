import Baton
import BatonDeploy
import LoadLedger

/// Hears all that agents say, writes down what matters, and hands it to those who wait for it.
struct Ear: Sendable {
  /// Something that somebody may be waiting for.
  enum Word: Sendable {
    case up(ContinuousClock.Instant)
    case result(id: String)
  }

  let conversation: Conversation
  let ledger: Ledger
  private let doors: [String: AsyncStream<Word>.Continuation]
  private let rooms: [String: AsyncStream<Word>]

  init(_ conversation: Conversation, ledger: Ledger, hosts: [String]) {
    self.conversation = conversation
    self.ledger = ledger
    var doors: [String: AsyncStream<Word>.Continuation] = [:]
    var rooms: [String: AsyncStream<Word>] = [:]
    for host in hosts { (rooms[host], doors[host]) = AsyncStream.makeStream(of: Word.self) }
    (self.doors, self.rooms) = (doors, rooms)
  }

  /// What a host says; for one reader.
  func words(of host: String) -> AsyncStream<Word> { rooms[host] ?? AsyncStream { $0.finish() } }

  /// Hears until the task is cancelled or the connection lost.
  func hear() async {
    while let messages = try? await conversation.receive() {
      for message in messages { hear(message) }
    }
    for door in doors.values { door.finish() }
  }

  private func hear(_ message: AnyMessage) {
    let host = message.sender.fqdn
    guard let door = doors[host] else { return }
    switch message.type {
    case Up.type:
      ledger.write(.up) { $0.host = host }
      door.yield(.up(.now))
    case Deployed.type, NotDeployed.type:
      guard let id = (try? message.json())?["id"]?.string else { return }
      ledger.write(.result) {
        ($0.host, $0.id) = (host, id)
        $0.isSuccess = message.type == Deployed.type
        $0.body = String(decoding: message.body, as: UTF8.self)
      }
      door.yield(.result(id: id))
    default: break
    }
  }
}
