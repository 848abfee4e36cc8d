public import BatonDeploy

/// What a rollout does on each host.
public enum DeployAct: Codable, Hashable, Sendable {
  /// - Parameter sha256: of the artifact; nil leaves it to the checksum that lies beside it.
  case deploy(version: String, sha256: String? = nil)
  /// To the last good release before the current, or a named one.
  case rollback(to: String?)
  case restart

  public var kind: Act.Kind {
    switch self {
    case .deploy: .deploy
    case .rollback: .rollback
    case .restart: .restart
    }
  }

  /// What is to run afterwards, where that is known beforehand.
  public var version: String? {
    switch self {
    case .deploy(let version, _): version
    case .rollback(let version): version
    case .restart: nil
    }
  }
}

extension DeployAct: CustomStringConvertible {
  public var description: String { version.map { "\(kind.rawValue) \($0)" } ?? kind.rawValue }
}

extension DeployAct {
  /// As the beginning of a question: `Deploy 1.4`.
  public var inWords: String { "\(self)".prefix(1).uppercased() + "\(self)".dropFirst() }
}
