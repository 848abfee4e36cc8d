/// One thing that is wrong, from its beginning to its end, however many messages speak of it.
package struct Alert: Sendable, Hashable, Codable {
  package enum State: String, Sendable, Codable, CaseIterable {
    /// Not often enough yet to be told anybody.
    case pending
    case firing
    case resolved
  }

  /// What it is, and where: the same trouble has the same key.
  package struct Subject: Sendable, Hashable, Codable {
    /// `HostSilent`, `HostMissing`, `BrokerUnreachable`, `HostError`, or the name of a rule.
    package var name: String
    /// Empty where it concerns none.
    package var environment = ""
    package var host = ""
    package var app = ""
    /// Tells apart what is alike in all of that: an error's class.
    package var detail = ""

    /// Names have no slash in them, so no two subjects have one key.
    package var key: String {
      [name, environment, host, app, detail].map { $0.replacing("%", with: "%25").replacing("/", with: "%2F") }
        .joined(separator: "/")
    }
  }

  package let subject: Subject
  package var state = State.pending
  package var severity: Severity
  /// One line for people.
  package var summary: String
  /// Since when it is wrong: of what came and went and came again, the last time.
  package var startedAt: Moment
  package var updatedAt: Moment
  package var resolvedAt: Moment?
  /// How many messages spoke of it.
  package var count = 0
  /// Whether the trouble is there at this moment; one that comes and goes stays firing without it.
  package var isActive = false
  /// It comes and goes: it is told as one long trouble until it has been quiet for a while.
  package var isFlapping = false
  /// It ends by itself at this moment if nothing new is heard: what an error message raises has no other end.
  package var expiresAt: Moment?
  /// The deploy that was at work on the host when it began.
  package var deploy: String?
  /// The silence that keeps it from being told.
  package var silence: String?
  /// The sinks that hold it for open, and what they hold it for.
  package var told: [String: Severity] = [:]
  /// When messages spoke of it, as many as its rule counts.
  package var occurrences: [Moment] = []
  package var damper = FlapDamper()

  package var key: String { subject.key }
}
