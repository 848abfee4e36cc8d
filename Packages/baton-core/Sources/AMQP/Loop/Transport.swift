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
  /// Bytes sent between two looks at whether the socket takes more.
  static let bytesPerLook = 16 * 1024

  private let state: amqp_connection_state_t
  /// Makes the C values of what is sent; they live until the next send.
  let encoder = WireEncoder()
  private let certificateCheck = CertificateCheck()
  private(set) var descriptor: Int32 = -1
  private var speaksTLS = false
  /// What both sides agreed on; zero: none.
  private(set) var heartbeat: Duration = .zero
  /// Of a large body in one frame, within what both sides agreed on: a larger one would not fit into the library's buffer.
  private var pieceSize = bytesPerLook

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

  /// Lets the peer know that nobody is here any more, even if what keeps this value does not end yet.
  func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  // MARK: - Opening

  /// The corresponding C function is `amqp_get_server_properties`.
  var identity: BrokerIdentity {
    BrokerIdentity(
      amqp_get_server_properties(state)?.pointee ?? amqp_table_t(), certificateEnd: certificateCheck.end)
  }

  /// Connects, speaks TLS where asked, and logs in; all within `connectTimeout`, but for the resolver, which has no timeout.
  ///
  /// The corresponding C functions are `amqp_socket_open_noblock` and `amqp_login_with_properties`.
  mutating func open(_ options: ConnectionOptions) throws {
    let start = ContinuousClock.now
    let action = "connect to \(options.endpoint)"
    speaksTLS = options.tls != nil
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
    // Seven octets before a frame, one behind it.
    pieceSize = min(Self.bytesPerLook, Int(amqp_get_frame_max(state)) - 8)
    // From now on the loop alone sends and watches heartbeats: the library would send its own into a full socket, and wait there.
    amqp_tune_connection(state, amqp_get_channel_max(state), amqp_get_frame_max(state), 0)
  }

  private func openSocket(_ options: ConnectionOptions, action: String) throws {
    let socket = options.tls == nil ? amqp_tcp_socket_new(state) : amqp_ssl_socket_new(state)
    guard let socket else { throw AMQPError(.unreachable, "out of memory", while: action) }
    if let tls = options.tls { try configure(tls, of: socket, host: options.endpoint.host, action: action) }
    var timeout = options.connectTimeout.timeval
    errno = 0
    let status = amqp_socket_open_noblock(socket, options.endpoint.host, Int32(options.endpoint.port), &timeout)
    guard status == AMQP_STATUS_OK.rawValue else { throw openError(status, errno: errno, options.tls, action: action) }
  }

  private func openError(_ status: Int32, errno: Int32, _ tls: TLS?, action: String) -> AMQPError {
    if let problem = tls.flatMap({ certificateCheck.problem(authorities: $0.authorities) }) {
      return AMQPError(.tlsRefused, "the broker's certificate is not good: \(problem)", while: action)
    }
    return AMQPError(openStatus: status, errno: errno, while: action)
  }

  private func configure(_ tls: TLS, of socket: OpaquePointer, host: String, action: String) throws {
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
    certificateCheck.install(on: socket, host: host)
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
      throw openError(reply.library_error, errno: 0, options.tls, action: action)
    }
  }

  /// The highest number of a channel, as both sides agreed; at least 1.
  var channelMax: UInt16 { UInt16(clamping: max(1, amqp_get_channel_max(state))) }

  // MARK: - Sending

  /// Whether ``bytesPerLook`` can be sent without blocking for long.
  func isWritable() -> Bool {
    var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&poller, 1, 0) == 1
  }

  /// Has the kernel gather what is sent in full segments until it is told to go on: one for each message costs more than all else does.
  ///
  /// The corresponding C function is `setsockopt` with `TCP_CORK`.
  func gather(_ gathers: Bool) {
    #if os(Linux)
      var value: Int32 = gathers ? 1 : 0
      // Where that fails it is merely slower.
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_CORK, &value, socklen_t(MemoryLayout<Int32>.size))
    #endif
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

  /// Whether the peer has yet to receive some of what was sent.
  ///
  /// The corresponding C function is `ioctl(2)` with `SIOCOUTQ`.
  var isSending: Bool {
    var bytes: Int32 = 0
    return ioctl(descriptor, UInt(TIOCOUTQ), &bytes) == 0 && bytes > 0
  }

  /// Sends a message, or of a large one the next piece, so that a slow peer does not keep us inside the library.
  ///
  /// - Parameter sent: what the last call gave for this message; nil at first.
  /// - Returns: how much of the body is sent.
  func publish(_ publishing: Publishing, after sent: Int?, channel: UInt16) throws -> Int {
    guard publishing.body.count > Self.bytesPerLook else {
      try publish(publishing, channel: channel)
      return publishing.body.count
    }
    guard let sent else {
      try beginLarge(publishing, channel: channel)
      return 0
    }
    let next = min(sent + pieceSize, publishing.body.count)
    try publishing.body.withUnsafeBytes { body in
      var frame = amqp_frame_t()
      frame.frame_type = UInt8(AMQP_FRAME_BODY)
      frame.channel = channel
      frame.payload.body_fragment = amqp_bytes_t(
        len: next - sent, bytes: body.baseAddress.map { UnsafeMutableRawPointer(mutating: $0 + sent) })
      try send(frame, while: "publish")
    }
    return next
  }

  /// The method and the header of a message whose body follows in pieces.
  private func beginLarge(_ publishing: Publishing, channel: UInt16) throws {
    try send(
      AMQP_BASIC_PUBLISH_METHOD, channel: channel,
      amqp_basic_publish_t(
        ticket: 0, exchange: encoder.bytes(publishing.exchange), routing_key: encoder.bytes(publishing.routingKey),
        mandatory: publishing.mandatory ? 1 : 0, immediate: 0))
    defer { encoder.recycle() }
    var properties = encoder.properties(publishing.properties)
    try withUnsafeMutablePointer(to: &properties) { properties in
      var frame = amqp_frame_t()
      frame.frame_type = UInt8(AMQP_FRAME_HEADER)
      frame.channel = channel
      frame.payload.properties.class_id = UInt16(AMQP_BASIC_CLASS)
      frame.payload.properties.body_size = UInt64(publishing.body.count)
      frame.payload.properties.decoded = UnsafeMutableRawPointer(properties)
      try send(frame, while: "publish")
    }
  }

  /// The corresponding C function is `amqp_basic_publish`.
  private func publish(_ publishing: Publishing, channel: UInt16) throws {
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
    try send(frame, while: "send a heartbeat")
  }

  /// The corresponding C function is `amqp_send_frame`.
  private func send(_ frame: amqp_frame_t, while action: String) throws {
    let status = withUnsafePointer(to: frame) { amqp_send_frame(state, $0) }
    guard status == AMQP_STATUS_OK.rawValue else { throw AMQPError(status: status, while: action) }
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

  /// Whether there may be more than the frames that were read of which `poll(2)` does not know: in the library's buffer, or in that of TLS.
  ///
  /// The corresponding C function is `amqp_data_in_buffer`.
  var hasReceived: Bool { speaksTLS || amqp_data_in_buffer(state) != 0 }

  /// Gives back the memory of the channel's frames; what was to be kept has been copied.
  func release(channel: UInt16) {
    amqp_maybe_release_buffers_on_channel(state, channel)
  }
}
