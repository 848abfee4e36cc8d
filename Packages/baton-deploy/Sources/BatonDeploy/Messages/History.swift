public import Baton

/// What has been done here?
public struct History: DeployRequest, Hashable {
  public static let type = "history"
  public typealias Reply = HistoryList

  public var order: Order
  /// At most so many, the newest first; an agent gives no more than ``longest``.
  public var limit: Int?

  public static let longest = 100

  public init(_ order: Order, limit: Int? = nil) {
    self.order = order
    self.limit = limit
  }

  private enum CodingKeys: String, CodingKey {
    case limit
  }

  public init(from decoder: any Decoder) throws {
    order = try Order(from: decoder)
    limit = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(Int.self, forKey: .limit)
  }

  public func encode(to encoder: any Encoder) throws {
    try order.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(limit, forKey: .limit)
  }
}

/// A host's journal, the newest first.
public struct HistoryList: Message, Hashable {
  public static let type = "history_list"

  public var app: String
  public var acts: [Act]
}
