import CRabbitMQ

#if canImport(Glibc)
  import Glibc
#endif

extension AMQPError {
  /// What a status of librabbitmq means on a connection that was open.
  ///
  /// The corresponding C function is `amqp_error_string2`.
  init(status: Int32, while action: String) {
    let code: Code = status == AMQP_STATUS_HEARTBEAT_TIMEOUT.rawValue ? .timedOut : .connectionLost
    self.init(code, String(cString: amqp_error_string2(status)), while: action)
  }

  /// What it means while the connection is being opened; `errno` as the library left it.
  init(openStatus status: Int32, errno: Int32, while action: String) {
    let words = String(cString: amqp_error_string2(status))
    switch status {
    case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED.rawValue:
      self.init(.tlsRefused, "the broker's certificate is not for this host name", while: action)
    case AMQP_STATUS_SSL_ERROR.rawValue, AMQP_STATUS_SSL_CONNECTION_FAILED.rawValue:
      self.init(
        .tlsRefused,
        "\(CertificateCheck.lastFailure ?? words); is it a TLS port (5671), does it speak TLS 1.2 or newer, and does it want a "
          + "client certificate, or another one?", while: action)
    case AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED.rawValue:
      self.init(.unreachable, "the host name cannot be resolved", while: action)
    case AMQP_STATUS_TIMEOUT.rawValue:
      self.init(.unreachable, "no answer in time", while: action)
    case AMQP_STATUS_CONNECTION_CLOSED.rawValue:
      self.init(
        .unreachable, "the peer closed it during the handshake; is it an AMQP port, and plain or TLS as asked?",
        while: action)
    case AMQP_STATUS_SOCKET_ERROR.rawValue where errno == EINPROGRESS:
      // The library asked the socket how its connecting ended, and keeps the answer to itself.
      self.init(.unreachable, "connection refused, or no way to the host; does RabbitMQ listen there?", while: action)
    case AMQP_STATUS_SOCKET_ERROR.rawValue where errno != 0:
      self.init(.unreachable, String(cString: strerror(errno)), while: action)
    default:
      self.init(.unreachable, words, while: action)
    }
  }
}
