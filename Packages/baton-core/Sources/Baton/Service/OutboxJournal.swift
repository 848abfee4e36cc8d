/// Keeps on disk what a service has said and the broker has not confirmed, so that it is said even if the process dies before.
///
/// `BatonOutbox` has one on SQLite. Calls come one at a time.
public protocol OutboxJournal: Sendable {
  /// What an earlier process left, in the order of its numbers.
  func load() throws -> [OutboxEntry]

  /// On disk when it returns.
  func save(_ entry: OutboxEntry) throws

  func remove(_ numbers: [Int64]) throws
}

/// A message in an outbox.
public struct OutboxEntry: Sendable, Hashable {
  /// Grows with each message of the box.
  public let number: Int64
  public let output: Output

  public init(number: Int64, output: Output) {
    self.number = number
    self.output = output
  }
}
