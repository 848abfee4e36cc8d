public import Baton

/// Deploy, roll back and restart nothing until it is unlocked. It outlives the agent.
public struct Lock: DeployRequest, Hashable {
  public static let type = "lock"
  public typealias Reply = LockedReply

  public var order: Order
  /// For whoever is kept waiting.
  public var reason: String

  public init(_ order: Order, reason: String) {
    self.order = order
    self.reason = reason
  }

  private enum CodingKeys: String, CodingKey {
    case reason
  }

  public init(from decoder: any Decoder) throws {
    order = try Order(from: decoder)
    reason = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .reason)
  }

  public func encode(to encoder: any Encoder) throws {
    try order.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(reason, forKey: .reason)
  }
}

/// It is locked now, by the request or by an earlier one of somebody else.
public struct LockedReply: Message, Hashable {
  public static let type = "locked"

  public var app: String
  public var lock: LockState
}

/// Deploys are welcome again. Anybody may say so, not only who locked it; the journal knows who did.
public struct Unlock: DeployRequest, Hashable {
  public static let type = "unlock"
  public typealias Reply = Unlocked

  public var order: Order

  public init(_ order: Order) { self.order = order }

  public init(from decoder: any Decoder) throws { order = try Order(from: decoder) }
  public func encode(to encoder: any Encoder) throws { try order.encode(to: encoder) }
}

/// It is not locked any more.
public struct Unlocked: Message, Hashable {
  public static let type = "unlocked"

  public var app: String
  /// The lock that was taken away; nil if there was none.
  public var lock: LockState?
}
