import AMQP
import Baton
import BatonStore

/// An act as the journal has it.
struct ActRecord: Sendable {
  var app: String
  var act: Act
  /// Whether the step that it is at is over.
  var isStepDone: Bool
  /// Of the last message that was told of it.
  var sequence: Int
  /// The session of the agent that began it: processes that were left behind are found by it.
  var session: Int
  /// Whom to tell.
  var correlationID: String?
  var replyTo: String?
  /// The last word.
  var result: [UInt8]?

  /// The properties of a request that an answer needs.
  var origin: Properties {
    var properties = Properties()
    properties.correlationID = correlationID
    properties.replyTo = replyTo
    return properties
  }

  init(app: String, act: Act, session: Int, request: Properties) {
    self.app = app
    self.act = act
    isStepDone = true
    sequence = 0
    self.session = session
    correlationID = request.correlationID ?? request.messageID
    replyTo = request.replyTo
  }

  init(_ row: Row) throws {
    app = try row.get("app")
    act = Act(
      id: try row.get("id"), kind: try Self.value(row, "kind"), version: try row.get("version"),
      previous: try row.get("previous"), by: try row.get("by"), begun: try row.get("begun"),
      ended: try row.get("ended"),
      step: try Self.value(row, "step"), outcome: try row.get("outcome", as: String?.self).flatMap(Act.Outcome.init))
    isStepDone = try row.get("is_step_done")
    sequence = try row.get("sequence")
    session = try row.get("session")
    correlationID = try row.get("correlation_id")
    replyTo = try row.get("reply_to")
    result = try row.get("result")
    act.message = result.flatMap(Self.message)
  }

  private static func value<Value: RawRepresentable>(_ row: Row, _ column: String) throws -> Value
  where Value.RawValue == String {
    let text = try row.get(column, as: String.self)
    guard let value = Value(rawValue: text) else {
      throw StoreError(
        .wrongType, "'\(text)' is no value of it", while: "read the column '\(column)'", path: "the journal")
    }
    return value
  }

  private static func message(_ result: [UInt8]) -> String? {
    let value = try? JSONText.decode(JSONValue.self, from: result)
    return (value?["message"] ?? value?["error_message"])?.string
  }
}

extension Journal {
  /// The act is to be done, or told of, from now on.
  func accept(_ record: ActRecord) throws {
    let act = record.act
    try store.transaction {
      try $0.execute(
        """
        INSERT INTO acts (app, id, kind, version, previous, by, begun, step, is_step_done, session, correlation_id, reply_to)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
        """,
        record.app, act.id, act.kind.rawValue, act.version, act.previous, act.by, act.begun, act.step.rawValue,
        record.session, record.correlationID, record.replyTo)
    }
  }

  func act(_ app: String, _ id: String) throws -> ActRecord? {
    try store.read { try $0.first("SELECT * FROM acts WHERE app = ? AND id = ?", app, id, as: ActRecord.init) }
  }

  /// The act of an application that is under way.
  func underWay(_ app: String) throws -> ActRecord? {
    try store.read { try $0.first("SELECT * FROM acts WHERE app = ? AND outcome IS NULL", app, as: ActRecord.init) }
  }

  /// All that an earlier run of the agent has left.
  func unfinished() throws -> [ActRecord] {
    try store.read { try $0.rows("SELECT * FROM acts WHERE outcome IS NULL ORDER BY begun", as: ActRecord.init) }
  }

  /// Those that have ended, and whose last word nobody is known to have.
  func unreported() throws -> [ActRecord] {
    try store.read {
      try $0.rows("SELECT * FROM acts WHERE outcome IS NOT NULL AND is_reported = 0 ORDER BY ended", as: ActRecord.init)
    }
  }

  /// The newest first.
  func history(_ app: String, limit: Int) throws -> [Act] {
    try store.read {
      try $0.rows(
        "SELECT * FROM acts WHERE app = ? ORDER BY begun DESC, rowid DESC LIMIT ?", app, limit, as: ActRecord.init
      ).map(\.act)
    }
  }

  /// The same request has come again, from a requester who now listens elsewhere.
  func redirect(_ app: String, _ id: String, to request: Properties) throws {
    try store.transaction {
      try $0.execute(
        "UPDATE acts SET correlation_id = ?, reply_to = ? WHERE app = ? AND id = ?",
        request.correlationID ?? request.messageID, request.replyTo, app, id)
    }
  }

  func step(_ app: String, _ id: String, _ step: Step, isDone: Bool, sequence: Int) throws {
    try store.transaction {
      try $0.execute(
        "UPDATE acts SET step = ?, is_step_done = ?, sequence = ? WHERE app = ? AND id = ?", step.rawValue, isDone,
        sequence, app, id)
    }
  }

  /// It has ended, and this is its last word: only the first one counts. Says whether it was.
  func end(
    _ app: String, _ id: String, _ outcome: Act.Outcome, result: [UInt8], resultID: String, at moment: Int64
  ) throws -> Bool {
    try store.transaction {
      try $0.execute(
        """
        UPDATE acts SET outcome = ?, result = ?, result_id = ?, ended = ? WHERE app = ? AND id = ? AND outcome IS NULL
        """, outcome.rawValue, result, resultID, moment, app, id) == 1
    }
  }

  /// The broker has the last word.
  func reported(_ resultID: String) throws {
    try store.transaction { try $0.execute("UPDATE acts SET is_reported = 1 WHERE result_id = ?", resultID) }
  }

  /// A request was refused: that is its last word, also if it comes again.
  func refuse(_ app: String, _ id: String, result: [UInt8], at moment: Int64) throws {
    try store.transaction { database in
      try database.execute("INSERT OR IGNORE INTO refusals VALUES (?, ?, ?, ?)", app, id, moment, result)
      // Anybody may be refused as often as he likes.
      try database.execute(
        "DELETE FROM refusals WHERE rowid NOT IN (SELECT rowid FROM refusals ORDER BY at DESC LIMIT 1000)")
    }
  }

  func refusal(_ app: String, _ id: String) throws -> [UInt8]? {
    try store.read {
      try $0.first("SELECT result FROM refusals WHERE app = ? AND id = ?", app, id) { try $0.get("result") }
    }
  }
}
