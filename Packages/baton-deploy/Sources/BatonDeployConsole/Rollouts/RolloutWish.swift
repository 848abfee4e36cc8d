import BatonDeploy
import BatonDeployControl

/// What somebody wants to be rolled out: checked in form, and not yet in rights.
struct RolloutWish: Sendable, Hashable {
  var place: Place
  var act: DeployAct
  /// These hosts; none is all that answer.
  var hosts: [String] = []
  var policy = RolloutPolicy()
  /// Goes on without those of `hosts` that do not answer.
  var skipsOffline = false
  /// The environment's name, as it was typed.
  var confirmation: String?
}
