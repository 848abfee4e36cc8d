import AMQP
import BatonFaults
import Testing

extension ConnectionOptions {
  /// To a port of this machine, with short times to wait.
  static func local(
    _ port: Int, connectTimeout: Duration = .seconds(5), heartbeat: Duration = .seconds(10),
    replyTimeout: Duration = .seconds(10)
  ) -> ConnectionOptions {
    var options = ConnectionOptions(endpoint: .init(host: "127.0.0.1", port: port))
    options.connectTimeout = connectTimeout
    options.heartbeat = heartbeat
    options.replyTimeout = replyTimeout
    return options
  }
}

extension FakeConnection {
  /// Logs the client in and answers it until its first consumer has begun.
  func serveUntilConsuming() throws {
    try handshake()
    try reply(to: try replyUntil(.basicConsume))
  }

  /// Logs the client in and answers it until it publishes; takes the header and the body, too. Gives the body.
  @discardableResult
  func serveUntilPublished() throws -> [UInt8] {
    try handshake()
    return try nextPublished()
  }

  /// - Parameter between: is called for each frame of the body.
  func nextPublished(inFramesOf most: Int = .max, between: () throws -> Void = {}) throws -> [UInt8] {
    try replyUntil(.basicPublish)
    var header = WireReader(try receive().payload.dropFirst(4))
    let size = Int(try header.longLong())
    var body: [UInt8] = []
    while body.count < size {
      let piece = try receive().payload
      guard piece.count <= most else { throw FakeBroker.Surprise("a frame of \(piece.count) bytes") }
      body += piece
      try between()
    }
    return body
  }
}

/// How long something that fails took, and how it failed.
func failure(_ body: () async throws -> Void) async throws -> (error: AMQPError, after: Duration) {
  var failure: AMQPError?
  let time = try await ContinuousClock().measure {
    do { try await body() } catch let error as AMQPError { failure = error }
  }
  return (try #require(failure, "nothing failed"), time)
}

func message(_ body: [UInt8] = [1], to exchange: String = "exchange") -> Publishing {
  Publishing(exchange: exchange, routingKey: "key", body: body)
}
