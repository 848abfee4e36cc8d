import AMQP
import Baton

/// What a monitor says into its own queue: whoever receives it is the one that the broker has made the active one, and learns who else
/// is there.
struct Beat: Codable, Sendable, Hashable {
  static let type = "beat"
  static let interval: Duration = .seconds(2)

  var type = Self.type
  /// The monitor's own name for itself, new with each start.
  let monitor: String
  /// The database that it keeps things in.
  let database: String

  func publishing(to queue: String) throws -> Publishing {
    var properties = Properties()
    properties.deliveryMode = .transient
    // Nobody needs to hear of it later.
    properties.expiration = "10000"
    properties.appID = "baton-ping-monitor"
    return Publishing(exchange: queue, routingKey: "", properties: properties, body: try JSONText.encode(self))
  }
}
