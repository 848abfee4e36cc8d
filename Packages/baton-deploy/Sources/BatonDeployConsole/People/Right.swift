public import BatonDeployControl

/// Something that a person or a program may do with the console.
public enum Right: Hashable, Sendable {
  /// See what runs where, and what was done.
  case read
  /// Deploy, roll back, restart, stop and resume; nil is any application, or any environment.
  case deploy(app: String?, environment: String?)
  /// Everything, and have a say in what others have begun.
  case administer
}

/// Who acts, once it is known who it is: a person, or a program with a token.
public struct Visitor: Hashable, Sendable {
  /// `jo`, or `token:chatbot`.
  public let name: String
  public let rights: Set<Right>

  public init(name: String, rights: Set<Right>) {
    self.name = name
    self.rights = rights
  }

  public var mayRead: Bool { !rights.isEmpty }

  public var isAdministrator: Bool { rights.contains(.administer) }

  public func mayDeploy(_ place: Place) -> Bool {
    rights.contains { right in
      switch right {
      case .read: false
      case .deploy(let app, let environment):
        (app ?? place.app) == place.app && (environment ?? place.environment) == place.environment
      case .administer: true
      }
    }
  }
}
