/// An application in an environment.
public struct Place: Codable, Hashable, Sendable {
  public let app: String
  public let environment: String

  public init(app: String, environment: String) {
    self.app = app
    self.environment = environment
  }

  /// The routing key of all its hosts; a host's own has its name behind it.
  public var key: String { "\(app).\(environment)" }
}

/// `shop in production`
extension Place: CustomStringConvertible {
  public var description: String { "\(app) in \(environment)" }
}
