import Testing

@testable import Baton

struct StopSignalTests {
  @Test("All who wait hear it, and who comes later does not wait")
  func request() async throws {
    let stop = StopSignal()
    async let first: Void = stop.wait()
    async let second: Void = stop.wait()
    stop.request()
    _ = try await (first, second)
    try await stop.wait()
    #expect(stop.isRequested)
  }

  @Test("A waiter that is cancelled is let go")
  func cancelled() async {
    let stop = StopSignal()
    let waiter = Task { try await stop.wait() }
    waiter.cancel()
    await #expect(throws: CancellationError.self) { try await waiter.value }
  }

  @Test("What takes too long is cancelled by the stop")
  func unlessStopped() async throws {
    let stop = StopSignal()
    #expect(try await stop.unlessStopped { 7 } == 7)
    let forever = StopSignal()
    async let result: Int? = stop.unlessStopped {
      try await forever.wait()
      return 7
    }
    stop.request()
    #expect(try await result == nil)
  }
}
