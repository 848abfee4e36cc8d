import AMQP
import BatonFaults
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Nothing is left of a connection when it has ended, however it did.
@Suite(.timeLimit(.minutes(1)))
struct LeakTests {
  @Test("Two hundred lost connections leave no descriptor and no thread behind")
  func reconnects() async {
    // In a process of its own: what other tests hold does not count.
    await #expect(processExitsWith: .success) {
      let broker = try FakeBroker { client in
        try client.handshake()
        try client.replyForEver()
      }
      let proxy = try FaultProxy(to: broker.port)
      try await reconnect(20, through: proxy)
      let before = try await Held.atMost(Held(descriptors: 0, threads: 0))
      try await reconnect(200, through: proxy)
      let after = try await Held.atMost(before)
      #expect(after.descriptors <= before.descriptors + 2, "\(before), then \(after)")
      #expect(after.threads <= before.threads + 2, "\(before), then \(after)")
      #expect(proxy.counts.connections == 220)
    }
  }
}

/// Opens connections one after the other and loses each in another way.
private func reconnect(_ times: Int, through proxy: FaultProxy) async throws {
  for time in 0..<times {
    let connection = try await Connection.open(.local(proxy.port))
    let channel = try await connection.channel()
    switch time % 4 {
    case 0: proxy.cut(.reset)
    case 1: proxy.cut(.finish)
    case 2:
      proxy.fault = .cut(.reset, after: 3, .toBroker)
      _ = try? await channel.perform([.prefetch(1)])
    default: await connection.close()
    }
    _ = try await connection.waitForEnd()
  }
}

/// What this process has from the system.
private struct Held: CustomStringConvertible {
  var descriptors: Int
  var threads: Int

  var description: String { "\(descriptors) descriptors, \(threads) threads" }

  /// Once it is no more than this, or after two seconds: connections that have ended still have to put their things away.
  static func atMost(_ limit: Held) async throws -> Held {
    let end = ContinuousClock.now + .seconds(2)
    while true {
      let held = Held(descriptors: count("/proc/self/fd"), threads: count("/proc/self/task"))
      if held.descriptors <= limit.descriptors && held.threads <= limit.threads || .now > end { return held }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  private static func count(_ folder: String) -> Int {
    guard let stream = opendir(folder) else { return 0 }
    defer { closedir(stream) }
    var entries = 0
    while readdir(stream) != nil { entries += 1 }
    return entries
  }
}
