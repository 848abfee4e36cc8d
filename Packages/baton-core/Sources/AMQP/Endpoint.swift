/// Where a broker listens.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  public var host: String
  /// 1 to 65535; AMQP's registered ports are 5672, and 5671 with TLS.
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `host:port`, with an IPv6 address in brackets.
  public var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
