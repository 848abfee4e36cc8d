import AMQP
import Baton

/// What a monitor says into its own queue, and to all others on it.
///
/// Whoever receives it from the queue is the one that the broker has made the active one; the copies tell the others who is there.
struct Beat: Codable, Sendable, Hashable {
  static let type = "beat"
  static let interval: Duration = .seconds(2)
  /// Under which each monitor hears all others.
  static let key = "beats"

  var type = Self.type
  /// The monitor's own name for itself, new with each start.
  let monitor: String
  /// The database that it keeps things in.
  let database: String
  let leads: Bool

  func publishing(to queue: String) throws -> Publishing {
    var properties = Properties()
    properties.deliveryMode = .transient
    // Nobody needs to hear of it later.
    properties.expiration = "10000"
    properties.appID = "baton-ping-monitor"
    properties.headers["CC"] = .array([.string(Self.key)])
    return Publishing(exchange: queue, routingKey: "", properties: properties, body: try JSONText.encode(self))
  }

  /// The queue that a monitor hears the others with; the rights of a monitor's user are for names that begin like its queue's.
  static func topology(of monitor: String, beside queue: String) -> Topology {
    Topology(
      queue: QueueDeclaration("\(queue).beats.\(monitor)", durable: false, exclusive: true, autoDelete: true),
      bindings: [.init(queue, .key(key))])
  }
}
