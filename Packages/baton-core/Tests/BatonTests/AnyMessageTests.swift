import AMQP
import Testing

@testable import Baton

struct AnyMessageTests {
  private func message(_ body: String) throws(Unreadable) -> AnyMessage {
    var properties = Properties()
    properties.correlationID = "42"
    return try AnyMessage(
      Delivery(tag: 1, exchange: "x_out", routingKey: "k", properties: properties, body: [UInt8](body.utf8)))
  }

  @Test("Type, sender, bytes and place are the delivery's")
  func parts() throws {
    let body = #"{ "type":"pong", "environment":"production", "fqdn":"web1", "app_names":["shop"], "extra":1 }"#
    let message = try message(body)
    #expect(message.type == "pong")
    #expect(message.sender == Server(environment: "production", fqdn: "web1", appNames: ["shop"]))
    #expect(message.body == [UInt8](body.utf8))
    #expect(message.exchange == "x_out")
    #expect(message.routingKey == "k")
    #expect(message.properties.correlationID == "42")
    #expect(!message.isError)
    #expect(try message.json()["extra"] == .int(1))
  }

  @Test("It decodes into its type, and says which member is wrong")
  func decode() throws {
    let failure = #"{"type":"error","error_class":"IOError","error_message":"no"}"#
    #expect(try message(failure).decode(Failure.self) == Failure("IOError", "no"))
    #expect(try message(failure).isError)
    #expect(throws: Unreadable("the member 'error_message' is missing")) {
      try message(#"{"type":"error","error_class":"IOError"}"#).decode(Failure.self)
    }
    #expect(throws: Unreadable("the member 'message' is not a string")) {
      try message(#"{"type":"info","message":{"a":1}}"#).decode(Info.self)
    }
  }
}
