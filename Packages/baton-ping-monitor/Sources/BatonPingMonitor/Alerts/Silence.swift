/// A time in which alerts that match are kept, but told nobody.
package struct Silence: Sendable, Hashable, Codable {
  package let id: String
  /// All of them must match; there is at least one.
  package let matchers: [Matcher]
  package let startsAt: Moment
  package var endsAt: Moment
  package let by: String
  package let reason: String
  /// It ends when what it has silenced is resolved.
  package let expiresOnResolve: Bool
  /// Whether it has silenced anything yet.
  package var hasMatched = false

  package init(
    id: String, matchers: [Matcher], startsAt: Moment, endsAt: Moment, by: String, reason: String,
    expiresOnResolve: Bool
  ) {
    self.id = id
    self.matchers = matchers
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.by = by
    self.reason = reason
    self.expiresOnResolve = expiresOnResolve
  }

  package func isInForce(at now: Moment) -> Bool { startsAt <= now && now < endsAt }

  package func matches(_ alert: Alert) -> Bool { matchers.allSatisfy { $0.matches(alert) } }
}
