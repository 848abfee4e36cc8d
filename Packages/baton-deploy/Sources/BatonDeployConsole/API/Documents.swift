import BatonDeploy
import BatonDeployControl

/// A rollout of a list, as programs read it.
struct RolloutListing: Encodable, Sendable {
  let id: String
  let app: String
  let environment: String
  let act: String
  let version: String?
  let by: String
  let approvedBy: String?
  let outcome: RolloutOutcome
  /// Milliseconds since 1970.
  let begun: Int64
  let ended: Int64?
  let hosts: RolloutTally

  init(_ record: RolloutRecord) {
    let plan = record.plan
    (id, app, environment, by) = (plan.id, plan.place.app, plan.place.environment, plan.by)
    (act, version) = (plan.act.kind.rawValue, plan.act.version)
    (approvedBy, outcome, begun, ended) = (record.approvedBy, record.outcome, record.begun, record.ended)
    hosts = record.tally
  }

  enum CodingKeys: String, CodingKey {
    case id, app, environment, act, version, by, outcome, begun, ended, hosts
    case approvedBy = "approved_by"
  }
}

/// A rollout with its hosts, as programs read it.
struct RolloutDocument: Encodable, Sendable {
  struct Host: Encodable, Sendable {
    let fqdn: String
    let before: String?
    /// `waiting`, `told`, `under way`, `done`, `failed`, `silent`, `not connected`.
    let phase: String
    let step: String?
    let words: String
    /// How the way back goes, if it has one.
    let undo: String?

    init(_ host: RolloutHost) {
      let work = host.undo ?? host.act
      (fqdn, before, phase) = (host.fqdn, host.before, host.act.phase.rawValue)
      (step, words, undo) = (work.step?.rawValue, work.words, host.undo?.phase.rawValue)
    }
  }

  let rollout: RolloutListing
  let note: String?
  let hosts: [Host]
  let skipped: [String]
  /// What can be done to it now.
  let turns: [String]

  enum CodingKeys: String, CodingKey {
    case rollout, note, hosts, skipped, turns
  }
}

/// A place, as programs read it.
struct PlaceDocument: Encodable, Sendable {
  struct Version: Encodable, Sendable {
    let version: String?
    let count: Int
  }

  struct Host: Encodable, Sendable {
    let fqdn: String
    let silent: Bool
    let running: Running?
  }

  let app: String
  let environment: String
  let versions: [Version]
  let drifting: [String]
  let silent: [String]
  /// When the hosts were asked last; milliseconds since 1970.
  let asked: Int64?
  /// Only of a place that is asked for by itself.
  var hosts: [Host]?

  init(_ spot: Spot, withHosts: Bool) {
    (app, environment) = (spot.place.app, spot.place.environment)
    versions = spot.versions.map { Version(version: $0.version, count: $0.count) }
    (drifting, silent, asked) = (spot.drifting, spot.silent, spot.asked)
    if withHosts {
      hosts = spot.sorted.map { Host(fqdn: $0.fqdn, silent: spot.isSilent($0), running: $0.running) }
    }
  }
}

/// What went wrong, as programs read it (RFC 9457).
struct Problem: Encodable, Sendable {
  let type = "about:blank"
  let title: String
  let status: Int
  let detail: String

  init(_ rejection: Rejection) {
    (title, status, detail) = (rejection.title, rejection.status, rejection.description)
  }
}
