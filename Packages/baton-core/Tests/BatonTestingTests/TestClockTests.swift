import AMQP
import Baton
import BatonTesting
import Testing

struct TestClockTests {
  private let web = Server(environment: "production", fqdn: "web1.example")

  @Test("Who sleeps wakes when the clock is turned so far, and not before, in the order of the deadlines")
  func order() async throws {
    let clock = TestClock()
    let start = clock.now
    let (woken, wakes) = AsyncStream<Int>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seconds in [3, 1, 2] {
        group.addTask {
          try await clock.sleep(until: start.advanced(by: .seconds(seconds)))
          wakes.yield(seconds)
        }
      }
      var iterator = woken.makeAsyncIterator()
      for expected in 1...3 {
        try await clock.advance(by: .seconds(1))
        #expect(await iterator.next() == expected)
      }
      try await group.waitForAll()
    }
    #expect(clock.now.offset == .seconds(3))
  }

  @Test("Who sleeps for longer is not who the turning waits for")
  func longer() async throws {
    let clock = TestClock()
    let start = clock.now
    async let long: Void = clock.sleep(until: start.advanced(by: .seconds(60)))
    async let turned: Void = clock.advance(by: .seconds(5))
    async let short: Void = clock.sleep(until: start.advanced(by: .seconds(5)))
    try await turned
    try await short
    #expect(clock.now.offset == .seconds(5))
    try await clock.advance(by: .seconds(55))
    try await long
  }

  @Test("Turning it waits until there is somebody to wake")
  func waits() async throws {
    let clock = TestClock()
    async let turned: Void = clock.advance(by: .seconds(5))
    try await clock.sleep(for: .seconds(5))
    try await turned
  }

  @Test("A sleep that is over already, and one that is cancelled, end at once")
  func ends() async throws {
    let clock = TestClock()
    try await clock.sleep(for: .zero)
    let sleeping = Task { try await clock.sleep(for: .seconds(1)) }
    sleeping.cancel()
    await #expect(throws: CancellationError.self) { try await sleeping.value }
  }

  @Test("A deadline of two seconds is over when the clock says so")
  func deadline() async throws {
    let clock = TestClock()
    try await withService(QuietService(), on: web, clock: clock) { api in
      var isAsked = false
      do {
        for try await answer in api.ask(Ask(), of: ["production"], until: Ending(deadline: .seconds(2))) {
          #expect(!answer.isFinal)
          isAsked = true
          try await clock.advance(by: .seconds(2))
        }
      } catch AMQPError.Code.timedOut {
        // The deadline overtook the broker's confirmation: over it is all the same.
      }
      #expect(isAsked)
    }
  }

  @Test("A service that lost its connection is back when its waiting time is over")
  func reconnects() async throws {
    let (broker, clock, seen) = (InMemoryBroker(), TestClock(), RecordingObserver())
    try await withService(QuietService(), on: web, broker: broker, observers: [seen], clock: clock) { _ in
      for times in 2...4 {
        broker.disconnectAll()
        try await clock.advance(by: .seconds(3))
        #expect(try await seen.outputs(atLeast: times).last?.type == "up")
      }
    }
  }
}

/// A service that takes a request and never answers.
private struct QuietService: Service {
  let name = "baton_quiet"

  func consumers(on server: Server) -> [any Consumer] { [QuietConsumer()] }
}

private struct QuietConsumer: Consumer {
  func routingKeys(on server: Server) -> [String] { [server.environment] }

  var handlers: [Handler] {
    [
      .on(Ask.self) { _, context in
        context.info("asked")
        try await StopSignal().wait()
        return Success("never")
      }
    ]
  }
}

private struct Ask: Request {
  static let type = "ask"
  typealias Reply = Success
}
