/// All that is needed to reach a broker and be let in.
public struct ConnectionOptions: Sendable {
  public var endpoint: Endpoint
  public var virtualHost = "/"
  public var user = "guest"
  public var password = "guest"
  /// Shown for this connection in RabbitMQ's management page and in `rabbitmqctl list_connections`.
  public var name = ""
  /// Speak TLS; nil speaks plainly.
  public var tls: TLS?
  /// What is proposed to the broker. Nothing heard for twice as long ends the connection.
  public var heartbeat: Duration = .seconds(10)
  /// For the TCP connection, TLS and AMQP's handshake together.
  public var connectTimeout: Duration = .seconds(2)
  /// For the reply to one method; a connection that does not reply is given up.
  public var replyTimeout: Duration = .seconds(10)
  /// How long unsent bytes may wait for the peer before the connection counts as lost (`TCP_USER_TIMEOUT`).
  public var sendTimeout: Duration = .seconds(8)
  /// For the broker's confirmation of a message that it has received; an alarm of memory or disk (``Connection/blocked``) stops the clock.
  public var confirmTimeout: Duration = .seconds(30)
  /// How long the connection's thread may be inside one call of librabbitmq before its socket is shut (up to a fifth more).
  public var callTimeout: Duration = .seconds(10)
  /// What a person can do about a refusal of this code: said behind the broker's own words.
  public var remedies: [AMQPError.Code: String] = [:]

  public init(endpoint: Endpoint) { self.endpoint = endpoint }

  /// The largest frame: RabbitMQ's own limit, and so that of everybody who publishes.
  ///
  /// A message's properties travel in one frame. Those that fit a publisher's frame and not ours would end the connection, and again
  /// each time that a queue delivers them anew.
  static let frameMax: Int32 = 128 * 1024
}

extension ConnectionOptions: CustomStringConvertible, CustomReflectable {
  /// Without the password.
  public var description: String { "\(user) at \(endpoint), virtual host '\(virtualHost)'" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
