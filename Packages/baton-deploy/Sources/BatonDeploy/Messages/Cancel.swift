public import Baton

/// Stop what is under way. The answer comes when it has stopped: no process of it is left, and the application runs what it ran before.
public struct Cancel: DeployRequest, Hashable {
  public static let type = "cancel"
  public typealias Reply = Stopped

  public var order: Order
  /// Only this act; nil is whatever is under way.
  public var act: String?

  public init(_ order: Order, act: String? = nil) {
    self.order = order
    self.act = act
  }

  private enum CodingKeys: String, CodingKey {
    case act
  }

  public init(from decoder: any Decoder) throws {
    order = try Order(from: decoder)
    act = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .act)
  }

  public func encode(to encoder: any Encoder) throws {
    try order.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(act, forKey: .act)
  }
}

/// It has stopped; if it was over before the request could reach it, the outcome says so.
public struct Stopped: Message, Hashable {
  public static let type = "stopped"

  public var app: String
  /// The act that was stopped.
  public var act: String
  /// How it ended.
  public var outcome: Act.Outcome
  /// What runs now.
  public var current: String?
}
