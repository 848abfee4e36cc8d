import Baton
import BatonDeploy
import BatonDeployControl

/// The body of a request for a rollout.
private struct RolloutOrder: Decodable {
  let app: String
  let environment: String
  /// `deploy`, `rollback`, `restart`.
  let act: String
  let version: String?
  let sha256: String?
  /// None is all that answer.
  let hosts: [String]?
  let canary: Int?
  /// `3`, `25%`
  let wave: String?
  let maxFailures: String?
  let pauseSeconds: Int?
  let rollbackOnFailure: Bool?
  let skipOffline: Bool?
  /// The environment's name, where people have to type it.
  let confirmation: String?

  enum CodingKeys: String, CodingKey {
    case app, environment, act, version, sha256, hosts, canary, wave, confirmation
    case maxFailures = "max_failures"
    case pauseSeconds = "pause_seconds"
    case rollbackOnFailure = "rollback_on_failure"
    case skipOffline = "skip_offline"
  }
}

extension RolloutWish {
  /// What a program asks for.
  init(json body: [UInt8]) throws {
    let order = try RolloutOrder.read(body)
    guard let kind = Act.Kind(rawValue: order.act) else {
      throw Rejection.invalid("The member 'act' is not deploy, rollback or restart; nothing was done.")
    }
    var policy = RolloutPolicy()
    if let canary = order.canary { policy.canary = try Checked.count("\(canary)", "canaries") }
    if let wave = order.wave { policy.wave = try Checked.portion(wave, "hosts at once") }
    if let failures = order.maxFailures { policy.maxFailures = try Checked.portion(failures, "failures allowed") }
    if let pause = order.pauseSeconds {
      policy.pause = .seconds(try Checked.count("\(pause)", "seconds of the pause", most: 86_400))
    }
    policy.rollsBack = order.rollbackOnFailure ?? false
    guard order.hosts.map({ !$0.isEmpty && $0.count <= 100_000 }) ?? true else {
      throw Rejection.invalid("The member 'hosts' is empty; leave it out to mean all. Nothing was done.")
    }
    self.init(
      place: Place(app: try Checked.app(order.app), environment: try Checked.environment(order.environment)),
      act: try DeployAct(kind, version: order.version, sha256: try order.sha256.map(Checked.sha256)),
      hosts: try order.hosts.map { try $0.map(Checked.host) } ?? [], policy: policy,
      skipsOffline: order.skipOffline ?? false, confirmation: order.confirmation)
  }
}

/// The body of a request that begins something again, where the environment's name has to be said.
struct Confirmation: Decodable {
  let confirmation: String?

  init(json body: [UInt8]) throws { self = try Self.read(body) }
}

extension Decodable {
  /// Decodes what is small and flat enough to be looked at.
  fileprivate static func read(_ body: [UInt8]) throws -> Self {
    do {
      return try JSONText.decode(Self.self, fromAnybody: body)
    } catch {
      throw Rejection.invalid("\(error.reason); nothing was done.")
    }
  }
}
