import Testing

@testable import Baton

struct HandlerPoolTests {
  @Test("It waits for the handlers at work")
  func drains() async {
    let pool = HandlerPool()
    let release = StopSignal()
    let done = StopSignal()
    pool.run {
      try? await release.wait()
      done.request()
    }
    async let drained: Void = pool.drain(limit: .seconds(60), clock: ContinuousClock())
    release.request()
    await drained
    #expect(done.isRequested)
  }

  @Test("A handler that does not end in time is cancelled and waited for no longer")
  func limit() async throws {
    let pool = HandlerPool()
    let cancelled = StopSignal()
    let forever = StopSignal()
    pool.run {
      do { try await forever.wait() } catch { cancelled.request() }
    }
    await pool.drain(limit: .seconds(1), clock: ImmediateClock())
    try await cancelled.wait()
  }

  @Test("Without handlers there is nothing to wait for")
  func idle() async {
    await HandlerPool().drain(limit: .seconds(60), clock: ContinuousClock())
  }
}
