public import Baton

/// What runs, and how is it?
public struct Current: DeployRequest, Hashable {
  public static let type = "current"
  public typealias Reply = Running

  public var order: Order

  public init(_ order: Order) { self.order = order }

  public init(from decoder: any Decoder) throws { order = try Order(from: decoder) }
  public func encode(to encoder: any Encoder) throws { try order.encode(to: encoder) }
}

/// What runs of an application on a host.
public struct Running: Message, Hashable {
  public static let type = "running"

  public enum Health: String, Codable, Sendable {
    case healthy, unhealthy
    /// None is configured, or nothing has been deployed.
    case unknown
  }

  public var app: String
  /// Nil if nothing has been deployed.
  public var version: String?
  /// When it was put to work, in milliseconds since 1970, and by whom.
  public var since: Int64?
  public var by: String?
  /// Of the last health check; it is not asked again for this answer.
  public var health: Health
  /// The last act that has ended.
  public var last: Act?
  /// The act that is under way.
  public var underWay: Act?
  /// Why nothing is deployed at the moment.
  public var lock: LockState?

  enum CodingKeys: String, CodingKey {
    case app, version, since, by, health, last, lock
    case underWay = "under_way"
  }
}
