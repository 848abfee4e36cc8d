import AMQP
import Baton
import Glibc

/// The same as `throughput-c … confirmed`, on baton's own client, which knows no other way.
///
/// Usage: throughput-swift PORT COUNT [decoded]     decoded: each message is also read, as a monitor reads it
@main
struct Throughput {
  private static let window = 1000
  private static let prefetch: UInt16 = 500
  private static let bodySize = 200

  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3, let port = Int(arguments[1]), let count = Int(arguments[2]) else {
      print("usage: throughput-swift PORT COUNT [decoded]")
      exit(64)
    }
    let decodes = arguments.dropFirst(3).first == "decoded"
    let connection = try await Connection.open(ConnectionOptions(endpoint: Endpoint(host: "127.0.0.1", port: port)))
    let channel = try await connection.channel()
    let queue = try await channel.perform([.declareQueue(.serverNamed), .confirmSelect])[0].name
    let publishing = try await cost(of: count) { try await publish(count, to: queue, on: channel) }
    try await channel.perform([.prefetch(prefetch)])
    let consuming = try await cost(of: count) { try await consume(count, from: queue, on: channel, decodes: decodes) }
    print(publishing, consuming)
    await connection.close()
  }

  /// An answer of a host with as many applications as make it as long as it has to be.
  private static func body() -> [UInt8] {
    let start = #"{"app_names":[""#
    let end = #""],"environment":"production","fqdn":"web1.example","type":"pong"}"#
    return Array((start + String(repeating: "x", count: bodySize - start.utf8.count - end.utf8.count) + end).utf8)
  }

  private static func publish(_ count: Int, to queue: String, on channel: AMQP.Channel) async throws {
    var properties = Properties()
    properties.contentType = "application/json"
    properties.deliveryMode = .transient
    let message = Publishing(
      exchange: "", routingKey: queue, mandatory: true, properties: properties, body: body())
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

  private static func consume(
    _ count: Int, from queue: String, on channel: AMQP.Channel, decodes: Bool
  ) async throws {
    var received = 0
    for try await batch in try await channel.consume(queue).deliveries {
      for delivery in batch {
        if decodes { _ = try AnyMessage(delivery) }
        channel.settle(delivery.tag, .acknowledge)
      }
      received += batch.count
      if received >= count { return }
    }
  }

  /// Messages a second, and the processor time of each in microseconds.
  private static func cost(of count: Int, _ work: @Sendable () async throws -> Void) async rethrows -> String {
    let start = ContinuousClock.now
    let before = spent()
    try await work()
    let elapsed = start.duration(to: .now) / .seconds(1)
    let microseconds = ((spent() - before) / Double(count) * 1e8).rounded() / 100
    return "\(Int(Double(count) / elapsed)) \(microseconds)"
  }

  /// Seconds of processor that this process has taken, all its threads together.
  private static func spent() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
