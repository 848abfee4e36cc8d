/// A host as it names itself: this one, or the sender of a message.
///
/// On the wire it is the members `environment`, `fqdn` and `app_names`, side by side with the message's own.
public struct Server: Codable, Hashable, Sendable {
  /// `production`; in lower case.
  public var environment: String
  public var fqdn: String
  /// The applications that are expected on it.
  public var appNames: [String]

  public init(environment: String, fqdn: String, appNames: [String] = []) {
    self.environment = environment
    self.fqdn = fqdn
    self.appNames = appNames
  }

  /// Members that a foreign peer leaves out are empty.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    environment = try container.decodeIfPresent(String.self, forKey: .environment) ?? ""
    fqdn = try container.decodeIfPresent(String.self, forKey: .fqdn) ?? ""
    appNames = try container.decodeIfPresent([String].self, forKey: .appNames) ?? []
  }

  enum CodingKeys: String, CodingKey {
    case environment
    case fqdn
    case appNames = "app_names"
  }
}
