public import AMQP

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The private RabbitMQ on loopback, if the tests were started with one: `Scripts/test --unit` does.
public enum RealBroker {
  /// `BATON_RABBIT_PORT`.
  public static var port: Int? { getenv("BATON_RABBIT_PORT").flatMap { Int(String(cString: $0)) } }

  public static var isThere: Bool { port != nil }

  /// How to reach it as its guest.
  public static var options: ConnectionOptions {
    ConnectionOptions(endpoint: Endpoint(host: "127.0.0.1", port: port ?? 5672))
  }
}
