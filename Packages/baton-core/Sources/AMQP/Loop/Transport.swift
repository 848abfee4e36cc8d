import CRabbitMQ
import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// The one owner of a librabbitmq connection: socket, TLS and codec.
///
/// After the handshake no blocking call of the library is used: methods are sent, and every frame is read by the loop. Its blocking
/// calls would queue other channels' deliveries where `poll` does not see them. To be used from one thread.
struct Transport: ~Copyable {
  private let state: amqp_connection_state_t
  /// Makes the C values of what is sent; they live until the next send.
  let encoder = WireEncoder()
  private(set) var descriptor: Int32 = -1
  /// What both sides agreed on; zero: none.
  private(set) var heartbeat: Duration = .zero

  init() throws {
    guard let state = amqp_new_connection() else {
      throw AMQPError(.unreachable, "out of memory", while: "open a connection")
    }
    self.state = state
  }

  /// The corresponding C function is `amqp_destroy_connection`.
  deinit {
    amqp_destroy_connection(state)
  }

  // MARK: - Opening

  /// Connects, speaks TLS where asked, and logs in; all within `connectTimeout`, but for the resolver, which has no timeout.
  ///
  /// The corresponding C functions are `amqp_socket_open_noblock` and `amqp_login_with_properties`.
  mutating func open(_ options: ConnectionOptions) throws {
    let start = ContinuousClock.now
    let action = "connect to \(options.endpoint)"
    try openSocket(options, action: action)
    descriptor = amqp_get_sockfd(state)
    try limitUnsentTime(options.sendTimeout, action: action)
    let left = options.connectTimeout - start.duration(to: .now)
    var timeout = max(left, .milliseconds(100)).timeval
    amqp_set_handshake_timeout(state, &timeout)
    timeout = options.replyTimeout.timeval
    amqp_set_rpc_timeout(state, &timeout)
    try logIn(options, action: action)
    heartbeat = .seconds(Int(amqp_get_heartbeat(state)))
  }

  private func openSocket(_ options: ConnectionOptions, action: String) throws {
    let socket = options.tls == nil ? amqp_tcp_socket_new(state) : amqp_ssl_socket_new(state)
    guard let socket else { throw AMQPError(.unreachable, "out of memory", while: action) }
    if let tls = options.tls { try configure(tls, of: socket, action: action) }
    var timeout = options.connectTimeout.timeval
    errno = 0
    let status = amqp_socket_open_noblock(socket, options.endpoint.host, Int32(options.endpoint.port), &timeout)
    guard status == AMQP_STATUS_OK.rawValue else { throw AMQPError(openStatus: status, errno: errno, while: action) }
  }

  private func configure(_ tls: TLS, of socket: OpaquePointer, action: String) throws {
    guard amqp_ssl_socket_set_cacert(socket, tls.authorities) == AMQP_STATUS_OK.rawValue else {
      throw AMQPError(.tlsRefused, "cannot read the authorities in \(tls.authorities)", while: action)
    }
    if let certificate = tls.certificate {
      guard amqp_ssl_socket_set_key(socket, certificate, tls.key ?? certificate) == AMQP_STATUS_OK.rawValue else {
        throw AMQPError(
          .tlsRefused, "cannot read the certificate \(certificate) with its key \(tls.key ?? certificate)",
          while: action)
      }
    }
    amqp_ssl_socket_set_verify_peer(socket, 1)
    amqp_ssl_socket_set_verify_hostname(socket, 1)
    guard amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST) == AMQP_STATUS_OK.rawValue else {
      throw AMQPError(.tlsRefused, "this OpenSSL does not offer TLS 1.2 or newer", while: action)
    }
  }

  /// A publish into a full window would block for ever, heartbeats or not: the kernel gives the connection up instead.
  private func limitUnsentTime(_ limit: Duration, action: String) throws {
    #if os(Linux)
      var milliseconds = UInt32(clamping: limit.wholeMilliseconds)
      let size = socklen_t(MemoryLayout.size(ofValue: milliseconds))
      guard setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, size) == 0 else {
        throw AMQPError(.unreachable, String(cString: strerror(errno)), while: action)
      }
    #endif
  }

  private func logIn(_ options: ConnectionOptions, action: String) throws {
    defer { encoder.recycle() }
    var properties = encoder.table([
      "connection_name": .string(options.name), "product": "baton",
      "capabilities": .table(["consumer_cancel_notify": true, "connection.blocked": true]),
    ])
    let reply = baton_amqp_login_plain(
      state, options.virtualHost, 0, ConnectionOptions.frameMax, Int32(clamping: options.heartbeat.components.seconds),
      &properties, options.user, options.password)
    switch reply.reply_type {
    case AMQP_RESPONSE_NORMAL:
      return
    case AMQP_RESPONSE_SERVER_EXCEPTION where reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD:
      let close = reply.reply.decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
      throw AMQPError(.init(rawValue: Int(close.reply_code)), String(close.reply_text), while: action)
    default:
      if reply.library_error == AMQP_STATUS_TIMEOUT.rawValue {
        throw AMQPError(
          .timedOut, "no handshake within \(options.connectTimeout); is it an AMQP port, and plain or TLS as asked?",
          while: action)
      }
      throw AMQPError(openStatus: reply.library_error, errno: 0, while: action)
    }
  }

  // MARK: - Sending

  /// Whether some 16 KiB can be sent without blocking.
  func isWritable() -> Bool {
    var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&poller, 1, 0) == 1
  }

  /// Sends one method, given as librabbitmq's structure of its fields.
  ///
  /// The corresponding C function is `amqp_send_method`.
  func send<Fields: BitwiseCopyable>(_ id: UInt32, channel: UInt16, _ fields: Fields) throws {
    var fields = fields
    let status = withUnsafeMutablePointer(to: &fields) { amqp_send_method(state, channel, id, $0) }
    encoder.recycle()
    guard status == AMQP_STATUS_OK.rawValue else { throw AMQPError(status: status, while: "send to the broker") }
  }

  /// The corresponding C function is `amqp_basic_publish`.
  func publish(_ publishing: Publishing, channel: UInt16) throws {
    var properties = encoder.properties(publishing.properties)
    let status = publishing.body.withUnsafeBytes { body in
      amqp_basic_publish(
        state, channel, encoder.bytes(publishing.exchange), encoder.bytes(publishing.routingKey),
        publishing.mandatory ? 1 : 0, 0,
        &properties, amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress)))
    }
    encoder.recycle()
    guard status == AMQP_STATUS_OK.rawValue else { throw AMQPError(status: status, while: "publish") }
  }

  func sendHeartbeat() throws {
    var frame = amqp_frame_t()
    frame.frame_type = UInt8(AMQP_FRAME_HEARTBEAT)
    let status = amqp_send_frame(state, &frame)
    guard status == AMQP_STATUS_OK.rawValue else { throw AMQPError(status: status, while: "send a heartbeat") }
  }

  // MARK: - Receiving

  /// The next frame that is already here; nil if there is none. What the frame points to lives until ``release(channel:)``.
  ///
  /// The corresponding C function is `amqp_simple_wait_frame_noblock`.
  func nextFrame() throws -> amqp_frame_t? {
    var frame = amqp_frame_t()
    var immediately = timeval()
    switch amqp_simple_wait_frame_noblock(state, &frame, &immediately) {
    case AMQP_STATUS_OK.rawValue: return frame
    case AMQP_STATUS_TIMEOUT.rawValue: return nil
    case let status: throw AMQPError(status: status, while: "read from the broker")
    }
  }

  /// Gives back the memory of the channel's frames; what was to be kept has been copied.
  func release(channel: UInt16) {
    amqp_maybe_release_buffers_on_channel(state, channel)
  }
}
