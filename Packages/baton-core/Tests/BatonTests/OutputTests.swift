import AMQP
import Testing

@testable import Baton

struct OutputTests {
  private let web = Server(environment: "production", fqdn: "web1.example", appNames: ["shop"])

  private struct Pong: Message { static let type = "pong" }

  @Test("An answer's body is flat: what the host is, beside the message's own members")
  func body() throws {
    let pong = try Output(Pong(), from: web)
    #expect(
      String(decoding: pong.body, as: UTF8.self)
        == #"{"app_names":["shop"],"environment":"production","fqdn":"web1.example","type":"pong"}"#)
    let failure = try Output(Failure("IOError", "a/b"), from: web)
    #expect(
      String(decoding: failure.body, as: UTF8.self)
        == #"{"app_names":["shop"],"environment":"production","error_class":"IOError","error_message":"a/b","fqdn":"web1.example","type":"error"}"#
    )
  }

  @Test("An answer goes out under the empty key, persistent, with a copy to the requester")
  func publishing() throws {
    var request = Properties()
    request.correlationID = "42"
    request.replyTo = "amq.gen-1"
    let publishing = try Output(Pong(), from: web, answering: request).publishing(to: "x_out", appID: "x")
    #expect(publishing.exchange == "x_out")
    #expect(publishing.routingKey.isEmpty)
    #expect(!publishing.mandatory)
    #expect(publishing.properties.deliveryMode == .persistent)
    #expect(publishing.properties.correlationID == "42")
    #expect(publishing.properties.headers == ["CC": .array(["amq.gen-1"]), "baton-version": .string(Release.version)])
  }

  @Test("An answer to the gem's request bears nothing that was not in it")
  func legacy() throws {
    let publishing = try Output(Pong(), from: web, answering: Properties()).publishing(to: "x_out", appID: "x")
    #expect(publishing.properties.correlationID == nil)
    #expect(publishing.properties.headers == ["baton-version": .string(Release.version)])
  }

  @Test("A request's body has the gem's members and no other")
  func request() throws {
    struct Ping: Request {
      static let type = "ping"
      typealias Reply = Pong
    }
    #expect(String(decoding: try Ping().body(), as: UTF8.self) == #"{"type":"ping"}"#)
  }
}
