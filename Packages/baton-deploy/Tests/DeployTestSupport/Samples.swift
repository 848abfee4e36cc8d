package import BatonDeploy
package import BatonDeployControl

extension RolloutPlan {
  package static let sample = RolloutPlan(
    id: "r1", act: .deploy(version: "2"), place: Place(app: "shop", environment: "production"), by: "jo@laptop")
}

extension Deployed {
  package static func sample(_ version: String, previous: String?, id: String = "r1", sequence: Int = 9) -> Deployed {
    let json = previous.map { #","previous":"\#($0)""# } ?? ""
    return decoded(
      #"{"message":"done","id":"\#(id)","app":"shop","version":"\#(version)","duration_ms":5,"sequence":\#(sequence)\#(json)}"#
    )
  }
}

extension Progress {
  package static func sample(_ sequence: Int, _ step: Step = .fetch, id: String = "r1") -> Progress {
    decoded(
      #"{"message":"at it","id":"\#(id)","app":"shop","step":"\#(step.rawValue)","state":"begun","sequence":\#(sequence)}"#
    )
  }
}

extension Rollout {
  /// Who begins at a time.
  package mutating func begin(at now: Int64) -> [String] { next(at: now).map(\.host) }

  package mutating func succeed(_ host: String, at now: Int64) {
    heard(.sample("2", previous: "1"), from: host, .forward, at: now)
  }

  package mutating func fail(_ host: String, at now: Int64) {
    heard(NotDeployed(.failed, "it does not start"), from: host, .forward, at: now)
  }
}
