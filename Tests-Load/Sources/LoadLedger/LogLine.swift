/// A line of the JSON log of an agent or a monitor, as far as the checker wants to know.
struct LogLine: Decodable {
  /// When nobody said it has no time (`level` and `time` are in every line of a log).
  let time: String?
  let message: String
  let messageID: String?
  /// Of a line `Confirmed`: with spaces between.
  let messageIDs: String?

  private enum CodingKeys: String, CodingKey {
    case time, message
    case messageID = "message_id"
    case messageIDs = "message_ids"
  }
}
