public import Baton

/// Which releases are there to go back to?
public struct Releases: DeployRequest, Hashable {
  public static let type = "releases"
  public typealias Reply = ReleaseList

  public var order: Order

  public init(_ order: Order) { self.order = order }

  public init(from decoder: any Decoder) throws { order = try Order(from: decoder) }
  public func encode(to encoder: any Encoder) throws { try order.encode(to: encoder) }
}

/// The releases on a host, the newest first.
public struct ReleaseList: Message, Hashable {
  public static let type = "release_list"

  public struct Release: Codable, Hashable, Sendable {
    public var version: String
    public var isCurrent: Bool
    /// Whether a deploy of it has ended well.
    public var isGood: Bool
    /// When it was unpacked, in milliseconds since 1970.
    public var unpacked: Int64
    public var sha256: String

    enum CodingKeys: String, CodingKey {
      case version, unpacked, sha256
      case isCurrent = "current"
      case isGood = "good"
    }
  }

  public var app: String
  public var releases: [Release]
}
