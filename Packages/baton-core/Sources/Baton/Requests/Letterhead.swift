import AMQP

/// What all requests of one requester have in common, and the messages that they become.
struct Letterhead: Sendable {
  /// The extension's name: `baton_ping`.
  let name: String
  /// The broker's user, which goes with each request.
  let user: String?
  /// What says whose each request is; nil where nobody wants to know.
  var seal: Seal?
  /// The key of the requester's own queue; nil where no answer is waited for.
  var replyTo: String?

  var exchanges: ExchangeNames { ExchangeNames(name) }

  /// The message to each of some targets.
  ///
  /// - Parameter messageID: the same for a request that is sent again; nil makes one for each target.
  func publishings<R: Request>(
    of request: R, to targets: [Target], messageID: String? = nil, correlationID: String, timeToLive: Duration
  ) throws -> [Publishing] {
    let body = try request.body()
    var properties = Properties()
    properties.contentType = ContentType.json
    properties.deliveryMode = .transient
    properties.correlationID = correlationID
    properties.replyTo = replyTo
    properties.expiration = "\(max(1, Int(timeToLive.milliseconds)))"
    properties.timestamp = Timestamp.seconds
    properties.userID = user
    properties.appID = name
    return try targets.map { target in
      var properties = properties
      properties.messageID = messageID ?? MessageID.new()
      if let host = target.host {
        properties.headers = [Headers.fqdn: .string(host), Headers.key: .string(target.key)]
      }
      var publishing = Publishing(
        exchange: exchanges.input, routingKey: target.routingKey, mandatory: true, properties: properties, body: body)
      if let seal { publishing.properties.headers.merge(try seal.headers(of: publishing)) { $1 } }
      return publishing
    }
  }
}
