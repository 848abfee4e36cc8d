import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// Stands by while the thread of a connection is away: shuts the socket if it does not come back from librabbitmq, and goes on in its
/// place if it does not come back from somebody's job.
///
/// The library waits without a limit for a peer that takes a byte now and then, which neither a heartbeat nor the kernel's timeout ends.
/// It looks from a thread of its own: handlers may block every thread of Swift's pool.
final class Watchdog: Sendable {
  private struct State {
    var descriptor: Int32 = -1
    /// When the thread was last seen outside the library; nil while it sleeps.
    var busySince: Moment?
    var hasBitten = false
  }

  /// In milliseconds.
  private let limit: Int64
  private let state = Locked(State())
  private let relay: Relay
  private let released: WakeUp

  /// - Parameters:
  ///   - limit: how long one call may take.
  ///   - relay: where the loop is found whose thread runs a job.
  init(limit: Duration, relay: Relay) throws {
    self.limit = limit.wholeMilliseconds
    self.relay = relay
    released = try WakeUp()
  }

  /// Looks every now and then until ``release()``.
  func start() throws {
    try Thread.start { [self] in
      var pollers = [released.descriptor, relay.timer].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      while pollers[0].revents == 0 {
        let ready = poll(&pollers, 2, Int32(clamping: limit / 5))
        if ready <= 0 { look(at: .now) }
        if ready > 0, pollers[1].revents != 0, let loop = relay.takeOver() {
          // Somebody else watches from now on. If no thread can be had, nobody does, and that is better than a loop that nobody runs.
          try? start()
          return loop.run()
        }
      }
    }
  }

  private func look(at now: Moment) {
    state.withLock { state in
      guard let since = state.busySince, now - since > limit else { return }
      state.hasBitten = true
      // Under the lock: once `release()` has returned, the descriptor may be somebody else's.
      shutdown(state.descriptor, Int32(SHUT_RDWR))
    }
  }

  /// Whether the connection was ended from here.
  var hasBitten: Bool { state.withLock(\.hasBitten) }

  // MARK: - What the thread says

  /// It goes into the library with this socket.
  func enter(_ descriptor: Int32, at now: Moment) {
    state.withLock { state in
      state.descriptor = descriptor
      state.busySince = now
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
