import AMQP
import Baton

/// The pings under way: who was asked when, so that an answer has a round trip.
struct Pings: Sendable {
  private struct Round: Sendable {
    let id: String
    let environment: String
    let sentAt: ContinuousClock.Instant
  }

  /// Of each environment so many are remembered; an answer to an older one has no round trip.
  private static let remembered = 3

  private var rounds: [Round] = []

  mutating func sent(_ id: String, to environment: String, at now: ContinuousClock.Instant) {
    rounds.append(Round(id: id, environment: environment, sentAt: now))
    let old = rounds.filter { $0.environment == environment }.dropLast(Self.remembered).map(\.id)
    if !old.isEmpty { rounds.removeAll { old.contains($0.id) } }
  }

  /// How long an answer took, in milliseconds. The Ruby gem's hosts do not say which ping they answer: it is taken to be the last.
  func roundTrip(of message: AnyMessage, at now: ContinuousClock.Instant) -> Double? {
    guard message.type == "pong" else { return nil }
    let round =
      if let id = message.properties.correlationID {
        rounds.last { $0.id == id }
      } else {
        rounds.last { $0.environment == message.sender.environment }
      }
    return round.map { $0.sentAt.duration(to: now).milliseconds }
  }

  /// A ping to the hosts of an environment, as `baton-ping` would publish it. The broker drops it when the next one is due.
  static func publishing(_ id: String, to environment: String, user: String?, timeToLive: Duration) -> Publishing {
    var properties = Properties()
    properties.contentType = "application/json"
    properties.deliveryMode = .transient
    properties.messageID = id
    properties.correlationID = id
    properties.expiration = "\(Int(timeToLive.milliseconds))"
    properties.userID = user
    properties.appID = "baton-ping-monitor"
    return Publishing(
      exchange: exchange, routingKey: environment, mandatory: true, properties: properties,
      body: [UInt8](#"{"type":"ping"}"#.utf8))
  }

  static let exchange = "baton_ping_in"
}
