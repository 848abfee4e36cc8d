/// Put a version of an application to work.
///
/// Two forms are taken: ours names a `version`, whose artifact the host's own configuration knows where to find; the gem's family
/// named `sha`, `branch`, `url` and `checksum_url`.
public struct Deploy: DeployRequest, Hashable {
  public static let type = "deploy"
  public typealias Reply = Deployed

  public var order: Order
  public var version: String
  /// The artifact's SHA-256 in hexadecimal digits; nil leaves it to the checksum that lies beside the artifact.
  public var sha256: String?
  /// Where the artifact is, in the gem's form.
  public var source: Source?

  /// The members of the gem's form, beside the version.
  public struct Source: Hashable, Sendable {
    public var url: String
    public var checksumURL: String
    /// For people.
    public var branch: String?

    public init(url: String, checksumURL: String, branch: String? = nil) {
      self.url = url
      self.checksumURL = checksumURL
      self.branch = branch
    }
  }

  public init(_ order: Order, version: String, sha256: String? = nil) {
    self.order = order
    self.version = version
    self.sha256 = sha256
  }
}

extension Deploy: Codable {
  private enum CodingKeys: String, CodingKey {
    case version, sha256, sha, branch, url
    case checksumURL = "checksum_url"
  }

  public init(from decoder: any Decoder) throws {
    order = try Order(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    sha256 = try container.decodeIfPresent(String.self, forKey: .sha256)
    if let url = try container.decodeIfPresent(String.self, forKey: .url) {
      source = Source(
        url: url, checksumURL: try container.decode(String.self, forKey: .checksumURL),
        branch: try container.decodeIfPresent(String.self, forKey: .branch))
    }
    let isGems = source != nil || container.contains(.sha) && !container.contains(.version)
    version = try container.decode(String.self, forKey: isGems ? .sha : .version)
  }

  public func encode(to encoder: any Encoder) throws {
    try order.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(sha256, forKey: .sha256)
    guard let source else { return try container.encode(version, forKey: .version) }
    try container.encode(version, forKey: .sha)
    try container.encode(source.url, forKey: .url)
    try container.encode(source.checksumURL, forKey: .checksumURL)
    try container.encodeIfPresent(source.branch, forKey: .branch)
  }
}
