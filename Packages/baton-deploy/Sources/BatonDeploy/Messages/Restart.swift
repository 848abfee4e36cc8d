/// Start the application anew, as it is.
public struct Restart: DeployRequest, Hashable {
  public static let type = "restart"
  public typealias Reply = Deployed

  public var order: Order

  public init(_ order: Order) { self.order = order }

  public init(from decoder: any Decoder) throws { order = try Order(from: decoder) }
  public func encode(to encoder: any Encoder) throws { try order.encode(to: encoder) }
}
