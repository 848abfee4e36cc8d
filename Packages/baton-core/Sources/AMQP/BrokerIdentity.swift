/// What a broker says of itself when it lets us in.
public struct BrokerIdentity: Sendable, Hashable {
  /// `RabbitMQ`
  public var product: String
  /// `3.10.8`; empty if it does not say.
  public var version: String
  /// When its certificate is no longer good, in seconds from 1970; nil without TLS.
  public var certificateEnd: Int?

  public init(product: String, version: String, certificateEnd: Int? = nil) {
    self.product = product
    self.version = version
    self.certificateEnd = certificateEnd
  }
}
