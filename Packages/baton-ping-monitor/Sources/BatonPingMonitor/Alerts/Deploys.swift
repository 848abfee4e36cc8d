import Baton

/// The deploys at work, by what agents say of them: meanwhile their host and app are expected to be restless.
package struct Deploys: Sendable {
  /// One that is not heard of for so long is taken for over: its agent may have died.
  static let patience: Duration = .seconds(1800)

  package struct Deploy: Sendable, Hashable, Codable {
    package let id: String
    package let environment: String
    package let host: String
    package let app: String
    package let startedAt: Moment
    package var heardAt: Moment
  }

  package private(set) var running: [String: Deploy] = [:]
  private var hasChanged = false

  package init(_ deploys: [Deploy] = []) {
    for deploy in deploys { running[Self.key(deploy.environment, deploy.host, deploy.app)] = deploy }
  }

  /// A message of the extension that deploys. `success` and `error` end a deploy, anything else about an app and a run is progress.
  mutating func hear(_ message: Heard, at now: Moment) {
    guard let app = message.app, let run = message.run else { return }
    let key = Self.key(message.sender.environment, message.sender.fqdn, app)
    switch message.type {
    case Success.type, Failure.type:
      // Another's refusal ("busy") does not end the one at work.
      if running[key]?.id == run { running[key] = nil }
    case Info.type:
      var deploy =
        running[key]
        ?? Deploy(
          id: run, environment: message.sender.environment, host: message.sender.fqdn, app: app, startedAt: now,
          heardAt: now)
      deploy.heardAt = now
      running[key] = deploy
    default:
      return
    }
    hasChanged = true
  }

  mutating func pass(at now: Moment) {
    for (key, deploy) in running where now >= deploy.heardAt + Self.patience {
      running[key] = nil
      hasChanged = true
    }
  }

  /// The deploy that explains trouble with a host: of that app, or of any where the trouble concerns the host alone.
  func explaining(_ subject: Alert.Subject) -> Deploy? {
    if !subject.app.isEmpty { return running[Self.key(subject.environment, subject.host, subject.app)] }
    return running.values.filter { $0.environment == subject.environment && $0.host == subject.host }
      .min { $0.startedAt < $1.startedAt }
  }

  mutating func takeChanged() -> [Deploy]? {
    defer { hasChanged = false }
    return hasChanged ? running.values.sorted { $0.id < $1.id } : nil
  }

  private static func key(_ environment: String, _ host: String, _ app: String) -> String {
    "\(environment)/\(host)/\(app)"
  }
}
