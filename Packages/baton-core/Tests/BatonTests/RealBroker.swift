#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

enum RealBroker {
  /// Of a private RabbitMQ on loopback, if the tests were started with one.
  static var port: Int? { getenv("BATON_RABBIT_PORT").flatMap { Int(String(cString: $0)) } }
}
