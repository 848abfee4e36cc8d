package import Baton

/// A server of the fleet as it is known from what it says.
package struct Host: Sendable, Hashable, Codable {
  package struct ID: Sendable, Hashable, Codable {
    package let environment: String
    package let fqdn: String
  }

  /// How it stands with a host.
  package enum Condition: String, Sendable, Codable, CaseIterable {
    case up
    /// Nothing was heard of it for the first of the two times…
    case silent
    /// …and for the second.
    case gone
    /// It said that it leaves.
    case left
    /// It is expected, and has never been heard.
    case missing
  }

  package var server: Server
  package var version: String?
  package let firstSeen: Moment
  /// Any message of it.
  package var lastSeen: Moment
  /// In milliseconds: from the last ping to its answer.
  package var roundTrip: Double?
  package var condition = Condition.up

  package var id: ID { ID(environment: server.environment, fqdn: server.fqdn) }
}
