import AMQP
import Baton

@testable import BatonPingMonitor

let web1 = Server(environment: "production", fqdn: "web1.example", appNames: ["shop"])
let web2 = Server(environment: "production", fqdn: "web2.example")

extension Moment {
  /// So many seconds after the beginning of a test's time.
  static func at(_ seconds: Double) -> Moment { Moment(milliseconds: 1_700_000_000_000) + .seconds(seconds) }
}

extension AnyMessage {
  /// A message as it comes out of an exchange.
  static func sample(
    _ type: String, from server: Server = web1, exchange: String = "baton_ping_out", members: [String: String] = [:],
    correlationID: String? = nil
  ) throws -> AnyMessage {
    var body = members.mapValues { JSONValue.string($0) }
    body["type"] = .string(type)
    body["environment"] = .string(server.environment)
    body["fqdn"] = .string(server.fqdn)
    body["app_names"] = .array(server.appNames.map { .string($0) })
    var properties = Properties()
    properties.correlationID = correlationID
    return try AnyMessage(
      Delivery(tag: 1, exchange: exchange, routingKey: "", properties: properties, body: try JSONText.encode(body)))
  }

  static func error(
    _ errorClass: String = "DiskFull", _ words: String = "no space left", from server: Server = web1,
    exchange: String = "baton_ping_out", members: [String: String] = [:]
  ) throws -> AnyMessage {
    try sample(
      "error", from: server, exchange: exchange,
      members: members.merging(["error_class": errorClass, "error_message": words]) { old, _ in old })
  }
}
