import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// Shuts the socket of a connection whose thread does not come back from librabbitmq.
///
/// The library waits without a limit for a peer that takes a byte now and then, which neither a heartbeat nor the kernel's timeout ends.
/// It looks from a thread of its own: handlers may block every thread of Swift's pool.
final class Watchdog: Sendable {
  private struct State {
    var descriptor: Int32 = -1
    /// When the thread was last seen outside the library; nil while it sleeps.
    var busySince: ContinuousClock.Instant?
    var hasBitten = false
  }

  let limit: Duration
  private let state = Locked(State())
  private let released: WakeUp

  /// - Parameter limit: how long one call may take.
  init(limit: Duration) throws {
    self.limit = limit
    released = try WakeUp()
  }

  /// Looks every now and then until ``release()``.
  func start() throws {
    try Thread.start { [self] in
      var poller = pollfd(fd: released.descriptor, events: Int16(POLLIN), revents: 0)
      while poll(&poller, 1, Int32(clamping: (limit / 5).wholeMilliseconds)) < 1 { look(at: .now) }
    }
  }

  private func look(at now: ContinuousClock.Instant) {
    state.withLock { state in
      guard let since = state.busySince, since.duration(to: now) > limit else { return }
      state.hasBitten = true
      // Under the lock: once `release()` has returned, the descriptor may be somebody else's.
      shutdown(state.descriptor, Int32(SHUT_RDWR))
    }
  }

  /// Whether the connection was ended from here.
  var hasBitten: Bool { state.withLock(\.hasBitten) }

  // MARK: - What the thread says

  /// It goes into the library with this socket.
  func enter(_ descriptor: Int32) {
    state.withLock { state in
      state.descriptor = descriptor
      state.busySince = .now
    }
  }

  /// It sleeps, and is not to be watched.
  func rest() { state.withLock { $0.busySince = nil } }

  /// The socket is about to be closed.
  func release() {
    rest()
    released.signal()
  }
}
