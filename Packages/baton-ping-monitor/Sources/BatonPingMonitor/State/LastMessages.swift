import Baton

/// The last message of each type and sender, as far as it is not on disk yet.
struct LastMessages: Sendable {
  struct Key: Sendable, Hashable {
    let exchange: String
    let type: String
    let environment: String
    let fqdn: String
  }

  struct Entry: Sendable, Hashable {
    var body: [UInt8]
    var at: Moment
    /// How many have come since the last were written.
    var count: Int
  }

  private var entries: [Key: Entry] = [:]

  mutating func add(_ message: AnyMessage, at now: Moment) {
    let key = Key(
      exchange: message.exchange, type: message.type, environment: message.sender.environment,
      fqdn: message.sender.fqdn)
    let count = entries[key]?.count ?? 0
    entries[key] = Entry(body: message.body, at: now, count: count + 1)
  }

  mutating func take() -> [Key: Entry] {
    defer { entries = [:] }
    return entries
  }
}
