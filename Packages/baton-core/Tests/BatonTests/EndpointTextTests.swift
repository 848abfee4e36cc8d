import AMQP
import Testing

@testable import Baton

struct EndpointTextTests {
  @Test(
    "Host names and addresses, with and without a port",
    arguments: [
      ("rabbit1", "rabbit1:5672"), ("rabbit1.example:5673", "rabbit1.example:5673"), ("10.0.0.1:1", "10.0.0.1:1"),
      ("rabbit_1:65535", "rabbit_1:65535"), ("::1", "[::1]:5672"), ("[::1]", "[::1]:5672"),
      ("[::1]:5673", "[::1]:5673"),
      ("[fe80::1%eth0]:5673", "[fe80::1%eth0]:5673"), ("2001:db8::7", "[2001:db8::7]:5672"),
    ])
  func good(text: String, expected: String) {
    #expect(Endpoint(text, standardPort: 5672)?.description == expected)
  }

  @Test(
    "What is none",
    arguments: [
      "", ":5672", "rabbit1:", "rabbit1:x", "rabbit1:0", "rabbit1:65536", "rabbit1:+1", "rabbit1:5672:5672", "[::1",
      "[::1]5672", "[::1]:", "[::1]:x", "[rabbit1]:5672", "[]:1", "a b", "a/b", "a\n", "räbbit", "-rf;id",
      "[a:b:c]:5672",
    ])
  func bad(text: String) {
    #expect(Endpoint(text, standardPort: 5672) == nil)
  }

  @Test(
    "What stays on this machine",
    arguments: [
      ("localhost", true), ("LOCALHOST", true), ("127.0.0.1", true), ("127.8.8.8", true), ("::1", true),
      ("127.example", false), ("localhost.example", false), ("10.0.0.1", false), ("::2", false), ("1127.0.0.1", false),
    ])
  func loopback(host: String, isLoopback: Bool) {
    #expect(Endpoint(host: host, port: 1).isLoopback == isLoopback)
  }
}
