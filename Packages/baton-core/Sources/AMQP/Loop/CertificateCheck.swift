import CRabbitMQ

#if canImport(Glibc)
  import Glibc
#endif

/// Has OpenSSL check the broker's certificate in the handshake, and keeps what it found.
///
/// librabbitmq 0.11 by itself checks afterwards, tells no more than that something was wrong, and does not know IP addresses as names.
struct CertificateCheck: ~Copyable {
  private struct Result {
    /// What OpenSSL's verification last said; `X509_V_OK` if it has nothing against the certificate.
    var verdict = X509_V_OK
    /// When the certificate is no longer good, in seconds from 1970.
    var end: Int?
  }

  private let result: UnsafeMutablePointer<Result>

  init() {
    result = .allocate(capacity: 1)
    result.initialize(to: Result())
  }

  /// Only after the connection has been destroyed: its `SSL_CTX` points here.
  deinit { result.deallocate() }

  /// The corresponding C functions are `SSL_CTX_set_cert_verify_callback` and `X509_VERIFY_PARAM_set1_host`.
  func install(on socket: OpaquePointer, host: String) {
    // The library has made it, and calls it a void pointer.
    guard let context = amqp_ssl_socket_get_context(socket).map({ OpaquePointer($0) }) else { return }
    let names = SSL_CTX_get0_param(context)
    if X509_VERIFY_PARAM_set1_ip_asc(names, host) == 1 {
      amqp_ssl_socket_set_verify_hostname(socket, 0)
    } else {
      X509_VERIFY_PARAM_set1_host(names, host, 0)
      amqp_ssl_socket_set_verify_hostname(socket, 1)
    }
    amqp_ssl_socket_set_verify_peer(socket, 1)
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    SSL_CTX_set_cert_verify_callback(
      context,
      { store, result in
        let verdict = X509_verify_cert(store)
        let certificate = X509_STORE_CTX_get0_cert(store)
        result?.assumingMemoryBound(to: Result.self).pointee = Result(
          verdict: X509_STORE_CTX_get_error(store), end: certificate.flatMap(CertificateCheck.end))
        return verdict
      }, result)
  }

  /// When the broker's certificate is no longer good, in seconds from 1970; nil if it has not shown one.
  var end: Int? { result.pointee.end }

  /// The corresponding C functions are `X509_get0_notAfter` and `ASN1_TIME_to_tm`.
  private static func end(of certificate: OpaquePointer) -> Int? {
    var time = tm()
    guard ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) == 1 else { return nil }
    return timegm(&time)
  }

  /// What is wrong with the certificate, in OpenSSL's words; and what that means where they are about authorities, of which
  /// it speaks in riddles.
  func problem(authorities: String) -> String? {
    let words = String(cString: X509_verify_cert_error_string(Int(result.pointee.verdict)))
    return switch result.pointee.verdict {
    case X509_V_OK: nil
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      "its authority is not in \(authorities) (\(words))"
    default: words
    }
  }

  /// What OpenSSL last failed at on this thread.
  static var lastFailure: String? { ERR_reason_error_string(ERR_peek_last_error()).map { String(cString: $0) } }
}
