/// Go back to an earlier release, which is still there: no artifact is fetched.
public struct Rollback: DeployRequest, Hashable {
  public static let type = "rollback"
  public typealias Reply = Deployed

  public var order: Order
  /// The release to go back to; nil is the last good one before the current.
  public var version: String?

  public init(_ order: Order, to version: String? = nil) {
    self.order = order
    self.version = version
  }

  private enum CodingKeys: String, CodingKey {
    case version
  }

  public init(from decoder: any Decoder) throws {
    order = try Order(from: decoder)
    version = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .version)
  }

  public func encode(to encoder: any Encoder) throws {
    try order.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(version, forKey: .version)
  }
}
