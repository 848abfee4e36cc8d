public import Baton

/// What every request of baton-deploy carries: which application it is about, who asks, and under which number.
///
/// The routing key says the application as well; an agent refuses a request whose two do not agree.
public struct Order: Hashable, Sendable {
  /// Names the act: the same on every host that it goes to, and in every repetition. An agent does each once.
  ///
  /// Nil leaves it to the message's `message_id`.
  public var id: String?
  /// Nil in requests of the gem's family, where the routing key alone says it.
  public var app: String?
  /// Who asks, for people: `jo@laptop`.
  public var by: String?
  /// Not to be begun after this moment, in milliseconds since 1970.
  public var deadline: Int64?

  public init(app: String, id: String? = nil, by: String? = nil, deadline: Int64? = nil) {
    self.app = app
    self.id = id
    self.by = by
    self.deadline = deadline
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, app, by, deadline
  }
}

/// On the wire the members stand beside those of the request.
extension Order: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decodeIfPresent(String.self, forKey: .id)
    app = try container.decodeIfPresent(String.self, forKey: .app)
    by = try container.decodeIfPresent(String.self, forKey: .by)
    deadline = try container.decodeIfPresent(Int64.self, forKey: .deadline)
  }
}

/// A request about an application.
public protocol DeployRequest: Request {
  var order: Order { get set }
}
