public import Baton
import BatonStore

/// An outbox's journal in a file of SQLite: what a service has said is on disk before it is sent, and leaves it when it is confirmed.
public final class StoredOutbox: OutboxJournal {
  private let store: Store

  /// Opens the file, or makes it, readable by its owner alone. Its folder has to be there.
  public init(_ path: String) throws {
    store = try Store(
      path,
      migrations: [
        Migration(
          """
          CREATE TABLE output (
            number INTEGER PRIMARY KEY, type TEXT NOT NULL, body BLOB NOT NULL, message_id TEXT NOT NULL,
            correlation_id TEXT, reply_to TEXT, is_final INTEGER NOT NULL
          ) STRICT
          """)
      ])
  }

  public func load() throws -> [OutboxEntry] {
    try store.read { database in
      try database.rows("SELECT * FROM output ORDER BY number") { row in
        OutboxEntry(
          number: try row.get("number"),
          output: Output(
            type: try row.get("type"), body: try row.get("body"), messageID: try row.get("message_id"),
            correlationID: try row.get("correlation_id"), replyTo: try row.get("reply_to"),
            isFinal: try row.get("is_final")))
      }
    }
  }

  public func save(_ entry: OutboxEntry) throws {
    let output = entry.output
    try store.transaction { database in
      try database.execute(
        """
        INSERT INTO output (number, type, body, message_id, correlation_id, reply_to, is_final) VALUES (?, ?, ?, ?, ?, ?, ?)
        """, entry.number, output.type, output.body, output.messageID, output.correlationID, output.replyTo,
        output.isFinal)
    }
  }

  public func remove(_ numbers: [Int64]) throws {
    try store.transaction { database in
      for number in numbers { try database.execute("DELETE FROM output WHERE number = ?", number) }
    }
  }
}
