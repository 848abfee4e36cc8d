import AMQP
import Testing

@testable import Baton

struct BrokerURLTests {
  @Test("All of its parts")
  func whole() throws {
    let url = try #require(BrokerURL("amqp://us%3Aer:p%40s:s%2F@rabbit1:5680/%2Fv"))
    #expect(!url.isTLS)
    #expect(url.endpoint == Endpoint(host: "rabbit1", port: 5680))
    #expect(url.user == "us:er")
    #expect(url.password == Secret("p@s:s/"))
    #expect(url.virtualHost == "/v")
  }

  @Test(
    "What is left out is left to others",
    arguments: [
      ("amqp://", "localhost:5672"), ("amqps://", "localhost:5671"), ("amqp://rabbit1", "rabbit1:5672"),
      ("amqps://rabbit1/", "rabbit1:5671"), ("amqp://[::1]:1", "[::1]:1"), ("amqp://@rabbit1", "rabbit1:5672"),
    ])
  func parts(text: String, endpoint: String) throws {
    let url = try #require(BrokerURL(text))
    #expect(url.endpoint.description == endpoint)
    #expect(url.user == nil)
    #expect(url.password == nil)
    #expect(url.virtualHost == nil)
  }

  @Test("A user may come without a password, and %2F is the virtual host '/'")
  func userAlone() throws {
    let url = try #require(BrokerURL("amqp://agent@rabbit1/%2f"))
    #expect(url.user == "agent")
    #expect(url.password == nil)
    #expect(url.virtualHost == "/")
  }

  @Test(
    "What is none",
    arguments: [
      "", "rabbit1", "http://rabbit1", "amqp:/rabbit1", "amqp://rabbit1:0", "amqp://rabbit1:70000", "amqp://a b",
      "amqp://rabbit1/a/b", "amqp://rabbit1/a?heartbeat=5", "amqp://rabbit1?heartbeat=5", "amqp://u:%4@rabbit1",
      "amqp://u:%zz@rabbit1", "amqp://u:%+1@rabbit1", "amqp://u:%ff@rabbit1", "amqp://%ff@rabbit1",
      "amqp://rabbit1/%ff",
    ])
  func bad(text: String) {
    #expect(BrokerURL(text) == nil)
  }
}
