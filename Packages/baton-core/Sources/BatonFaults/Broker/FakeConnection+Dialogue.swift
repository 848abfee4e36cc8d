public import AMQP

/// What a broker says in the ordinary course of things, so that a script can leave it.
extension FakeConnection {
  // MARK: - Handshake

  /// All of it, as RabbitMQ does.
  @discardableResult
  public func handshake(frameMax: UInt32 = 131_072, heartbeat: UInt16 = 60) throws -> Tuning {
    try start()
    try tune(frameMax: frameMax, heartbeat: heartbeat)
    return try open()
  }

  /// The client's greeting, `connection.start` and its reply.
  public func start(serverProperties: FieldTable = ["product": "FakeBroker"]) throws {
    var table = WireWriter()
    table.table(serverProperties)
    try start(rawProperties: table.bytes)
  }

  /// The same, with a table that was written by hand.
  public func start(rawProperties: [UInt8]) throws {
    try greeting()
    try send(
      .method(.connectionStart) {
        $0.octet(0)
        $0.octet(9)
        $0.raw(rawProperties)
        $0.longString("PLAIN AMQPLAIN")
        $0.longString("en_US")
      })
    try expect(.connectionStartOK)
  }

  /// `AMQP` and the version, with which a client begins.
  public func greeting() throws {
    let greeting = try receive(count: 8)
    guard greeting == Array("AMQP".utf8) + [0, 0, 9, 1] else {
      throw FakeBroker.Surprise("the client does not begin with AMQP 0-9-1")
    }
  }

  public func tune(frameMax: UInt32 = 131_072, heartbeat: UInt16 = 60) throws {
    try send(
      .method(.connectionTune) {
        $0.short(2047)
        $0.long(frameMax)
        $0.short(heartbeat)
      })
  }

  /// The client's replies to the tuning, and `connection.open`.
  @discardableResult
  public func open() throws -> Tuning {
    var fields = try expect(.connectionTuneOK).fields
    _ = try fields.short()
    let tuning = Tuning(frameMax: try fields.long(), heartbeat: try fields.short())
    try expect(.connectionOpen)
    try send(.method(.connectionOpenOK) { $0.shortString("") })
    return tuning
  }

  // MARK: - Replies

  /// Reads what the client sends and replies as a broker does that has nothing against it, until this method comes; gives its frame,
  /// not yet replied to.
  ///
  /// Confirms nothing and delivers nothing.
  @discardableResult
  public func replyUntil(_ id: MethodID) throws -> Frame {
    while true {
      let frame = try receive()
      if frame.methodID == id { return frame }
      try reply(to: frame)
    }
  }

  /// Replies to everything until the client hangs up.
  public func replyForEver() throws {
    while true { try reply(to: try receive()) }
  }

  public func reply(to frame: Frame) throws {
    let channel = frame.channel
    var fields = frame.fields
    switch frame.methodID {
    case .channelOpen: try send(.method(.channelOpenOK, channel: channel) { $0.long(0) })
    case .channelClose: try send(.method(.channelCloseOK, channel: channel))
    case .connectionClose: try send(.method(.connectionCloseOK))
    case .confirmSelect: try send(.method(.confirmSelectOK, channel: channel))
    case .exchangeDeclare: try send(.method(.exchangeDeclareOK, channel: channel))
    case .queueBind: try send(.method(.queueBindOK, channel: channel))
    case .basicQoS: try send(.method(.basicQoSOK, channel: channel))
    case .queueDeclare:
      _ = try fields.short()
      let name = try fields.shortString()
      try send(
        .method(.queueDeclareOK, channel: channel) {
          $0.shortString(name.isEmpty ? "amq.gen-1" : name)
          $0.long(0)
          $0.long(0)
        })
    case .basicConsume:
      _ = try fields.short()
      _ = try fields.shortString()
      let tag = try fields.shortString()
      try send(.method(.basicConsumeOK, channel: channel) { $0.shortString(tag) })
    case .basicCancel:
      let tag = try fields.shortString()
      try send(.method(.basicCancelOK, channel: channel) { $0.shortString(tag) })
    default:
      break
    }
  }

  // MARK: - What comes of itself

  /// - Parameter pieces: the body, split into frames like this.
  public func deliver(
    _ pieces: [[UInt8]], headers: FieldTable = [:], tag: UInt64 = 1, consumer: String = "c1", key: String = "key",
    channel: UInt16 = 1
  ) throws {
    let size = pieces.reduce(0) { $0 + $1.count }
    let frames =
      [Self.deliverFrame(tag: tag, consumer: consumer, key: key, channel: channel)]
      + [.header(bodySize: size, headers: headers, channel: channel)] + pieces.map { .body($0, channel: channel) }
    try send(bytes: frames.flatMap(\.bytes))
  }

  /// `basic.deliver` alone, without the content that belongs to it.
  public static func deliverFrame(
    tag: UInt64 = 1, consumer: String = "c1", key: String = "key", channel: UInt16 = 1
  ) -> Frame {
    .method(.basicDeliver, channel: channel) {
      $0.shortString(consumer)
      $0.longLong(tag)
      $0.octet(0)
      $0.shortString("exchange")
      $0.shortString(key)
    }
  }

  /// `basic.ack`: the broker confirms what the client published.
  public func confirm(_ number: UInt64, multiple: Bool = false, channel: UInt16 = 1) throws {
    try send(
      .method(.basicAck, channel: channel) {
        $0.longLong(number)
        $0.octet(multiple ? 1 : 0)
      })
  }

  public func cancelConsumer(_ tag: String = "c1", channel: UInt16 = 1) throws {
    try send(
      .method(.basicCancel, channel: channel) {
        $0.shortString(tag)
        $0.octet(1)
      })
  }

  public func block(_ reason: String) throws { try send(.method(.connectionBlocked) { $0.shortString(reason) }) }

  public func unblock() throws { try send(.method(.connectionUnblocked)) }

  /// Ends the connection in words.
  public func closeConnection(_ code: UInt16, _ reason: String) throws {
    try send(Self.closing(.connectionClose, code, reason, channel: 0))
  }

  /// Ends a channel in words.
  public func closeChannel(_ code: UInt16, _ reason: String, channel: UInt16 = 1) throws {
    try send(Self.closing(.channelClose, code, reason, channel: channel))
  }

  private static func closing(_ id: MethodID, _ code: UInt16, _ reason: String, channel: UInt16) -> Frame {
    .method(id, channel: channel) {
      $0.short(code)
      $0.shortString(reason)
      $0.short(0)
      $0.short(0)
    }
  }
}
