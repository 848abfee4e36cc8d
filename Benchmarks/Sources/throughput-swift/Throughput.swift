import AMQP

/// The same as `throughput-c`, on baton's own client.
///
/// Usage: throughput-swift PORT COUNT     prints: publish MSG/S, consume MSG/S
@main
struct Throughput {
  private static let window = 1000
  private static let prefetch: UInt16 = 500

  static func main() async throws {
    guard CommandLine.arguments.count == 3, let port = Int(CommandLine.arguments[1]),
      let count = Int(CommandLine.arguments[2])
    else {
      print("usage: throughput-swift PORT COUNT")
      return
    }
    let connection = try await Connection.open(ConnectionOptions(endpoint: Endpoint(host: "127.0.0.1", port: port)))
    let channel = try await connection.channel()
    let queue = try await channel.perform([.declareQueue(.serverNamed), .confirmSelect])[0].name
    let publishing = try await rate(of: count) { try await publish(count, to: queue, on: channel) }
    try await channel.perform([.prefetch(prefetch)])
    let consuming = try await rate(of: count) { try await consume(count, from: queue, on: channel) }
    print("publish \(publishing) consume \(consuming)")
    await connection.close()
  }

  private static func publish(_ count: Int, to queue: String, on channel: Channel) async throws {
    var properties = Properties()
    properties.contentType = "application/json"
    properties.deliveryMode = .transient
    let message = Publishing(
      exchange: "", routingKey: queue, mandatory: true, properties: properties, body: Array(repeating: 0x78, count: 200)
    )
    // Two halves of the window under way: while one is confirmed the other is sent.
    try await withThrowingTaskGroup(of: Void.self) { group in
      let half = window / 2
      let batch = Array(repeating: message, count: half)
      for number in 0..<(count / half) {
        if number >= 2 { try await group.next() }
        group.addTask { _ = try await channel.publish(batch) }
      }
      for try await _ in group {}
    }
  }

  private static func consume(_ count: Int, from queue: String, on channel: Channel) async throws {
    var received = 0
    for try await batch in try await channel.consume(queue).deliveries {
      for delivery in batch { channel.settle(delivery.tag, .acknowledge) }
      received += batch.count
      if received >= count { return }
    }
  }

  private static func rate(of count: Int, _ work: @Sendable () async throws -> Void) async rethrows -> Int {
    let clock = ContinuousClock()
    let start = clock.now
    try await work()
    let elapsed = start.duration(to: clock.now) / .seconds(1)
    return Int(Double(count) / elapsed)
  }
}
