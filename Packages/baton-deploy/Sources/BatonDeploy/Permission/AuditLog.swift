/// A file with one line of JSON for each request that would change something: who asked for what, and whether he might.
struct AuditLog: Sendable, Hashable {
  struct Entry: Codable, Sendable {
    /// ISO 8601, in UTC.
    var time: String
    var fqdn: String
    var environment: String
    /// The request's type.
    var command: String
    var app: String
    /// Of the act, if the request names one.
    var id: String?
    var version: String?
    var messageID: String?
    /// What the request says, and, where it is signed, whose key it was.
    var by: String?
    var key: String?
    var isPermitted: Bool
    /// Why not.
    var reason: String?

    enum CodingKeys: String, CodingKey {
      case time, fqdn, environment, command, app, id, version, by, key, reason
      case messageID = "message_id"
      case isPermitted = "permitted"
    }
  }

  let path: String

  func write(_ entry: Entry) throws { try LineFile(path: path).append(entry) }
}
