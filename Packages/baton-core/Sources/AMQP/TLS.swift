/// How a connection proves the broker's identity, and its own where a client certificate is given.
///
/// TLS 1.2 is the least that is spoken. librabbitmq has no default for the authorities, so `authorities` always names a file.
public struct TLS: Sendable, Hashable {
  /// PEM file of the certificate authorities to trust.
  public var authorities: String
  /// PEM file of the client's own certificate.
  public var certificate: String?
  /// PEM file of the key for `certificate`.
  public var key: String?

  public init(authorities: String, certificate: String? = nil, key: String? = nil) {
    self.authorities = authorities
    self.certificate = certificate
    self.key = key
  }
}
