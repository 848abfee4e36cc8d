import BatonStore

/// The queue of each sink.
extension StateFile {
  /// A notice that waits to be told.
  struct Waiting: Sendable {
    let number: Int64
    let attempts: Int
    let notice: Notice
  }

  /// What is to be told now: of each alert the oldest notice, so that none overtakes another of the same alert.
  func due(_ sink: String, most: Int, at now: Moment) throws -> [Waiting] {
    try store.read { database in
      try database.rows(
        """
        SELECT number, attempts, notice FROM deliveries AS d INDEXED BY deliveries_of_sink WHERE sink = ? AND due_at <= ? AND NOT EXISTS (
          SELECT 1 FROM deliveries AS e WHERE e.sink = d.sink AND e.alert = d.alert AND e.number < d.number
        ) ORDER BY number LIMIT ?
        """, sink, now.milliseconds, most
      ) { row in
        Waiting(
          number: try row.get("number"), attempts: try row.get("attempts"),
          notice: try Self.decode(Notice.self, row, "notice"))
      }
    }
  }

  /// They have been told.
  func remove(_ waiting: [Waiting]) throws {
    try store.transaction { database in
      for one in waiting { try database.execute("DELETE FROM deliveries WHERE number = ?", one.number) }
    }
  }

  /// It was refused; it comes again then.
  func postpone(_ waiting: Waiting, until due: Moment) throws {
    try store.transaction { database in
      try database.execute(
        "UPDATE deliveries SET attempts = attempts + 1, due_at = ? WHERE number = ?", due.milliseconds, waiting.number)
    }
  }

  /// When the next postponed notice of a sink is due; what waits behind another of its alert does not count.
  func nextDue(_ sink: String) throws -> Moment? {
    try store.read { database in
      try database.first(
        """
        SELECT min(due_at) AS due FROM deliveries AS d WHERE sink = ? AND NOT EXISTS (
          SELECT 1 FROM deliveries AS e WHERE e.sink = d.sink AND e.alert = d.alert AND e.number < d.number
        )
        """, sink
      ) {
        try $0.get("due", as: Int64?.self).map { Moment(milliseconds: $0) }
      } ?? nil
    }
  }

  /// How many notices wait, for each sink that any wait for.
  package func depths() throws -> [String: Int] {
    try store.read { database in
      let rows = try database.rows("SELECT sink, count(*) AS depth FROM deliveries GROUP BY sink") { row in
        (try row.get("sink", as: String.self), try row.get("depth", as: Int.self))
      }
      return Dictionary(uniqueKeysWithValues: rows)
    }
  }

  /// The alerts that a sink was told of and that go on.
  func open(toldTo sink: String) throws -> [Alert] {
    try store.read { database in
      try database.rows("SELECT alert FROM alerts WHERE state = 'firing'") {
        try Self.decode(Alert.self, $0, "alert")
      }
    }.filter { $0.told[sink] != nil && $0.silence == nil }
  }
}
