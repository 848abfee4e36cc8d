import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// Where a connection's loop lies while the thread that had it runs a job of a task, which is somebody else's code and may block.
///
/// The thread takes it up again when the job is done. One that is not back within ``patience`` has lost it: a thread that stands by
/// takes it up instead, so that somebody always has it who hears the broker. Whoever has the loop alone touches it.
final class Relay: Sendable {
  /// How long a job may keep the loop lying, and at most as long again.
  static let patience: Duration = .milliseconds(10)

  private struct State {
    var loop: ConnectionLoop?
    /// Counts how often it was laid down.
    var turn = 0
    /// For which of them the timer runs, if it does. To set it for each would cost more than many a job.
    var timedTurn: Int?
  }

  private let state = Locked(State())
  /// Ready for reading when the patience is over.
  ///
  /// The corresponding C function is `timerfd_create(2)`.
  let timer: Int32

  init() throws {
    timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
    guard timer >= 0 else {
      throw AMQPError(.unreachable, String(cString: strerror(errno)), while: "open a timer")
    }
  }

  deinit { close(timer) }

  /// Lays the loop down, before a job; gives the number to take it up by.
  func layDown(_ loop: ConnectionLoop) -> Int {
    state.withLock { state in
      state.loop = loop
      state.turn += 1
      if state.timedTurn == nil { setTimer(&state) }
      return state.turn
    }
  }

  /// Takes the loop up again, after the job; false if somebody else has.
  func takeUp(_ turn: Int) -> Bool {
    state.withLock { state in
      guard state.turn == turn, state.loop != nil else { return false }
      state.loop = nil
      return true
    }
  }

  /// The thread sleeps: no job is under way, and nobody needs to be woken to see that.
  func rest() {
    state.withLock { state in
      guard state.timedTurn != nil else { return }
      state.timedTurn = nil
      var never = itimerspec()
      timerfd_settime(timer, 0, &never, nil)
    }
  }

  /// The timer has run out: gives the loop if the job for which it was set is not done.
  func takeOver() -> ConnectionLoop? {
    state.withLock { state in
      var count: UInt64 = 0
      guard read(timer, &count, MemoryLayout.size(ofValue: count)) > 0 else { return nil }
      let timed = state.timedTurn
      state.timedTurn = nil
      guard state.loop != nil else { return nil }
      guard state.turn == timed else {
        setTimer(&state)
        return nil
      }
      defer { state.loop = nil }
      return state.loop
    }
  }

  private func setTimer(_ state: inout State) {
    state.timedTurn = state.turn
    var time = itimerspec()
    time.it_value.tv_nsec = Int(Self.patience.components.attoseconds / 1_000_000_000)
    timerfd_settime(timer, 0, &time, nil)
  }
}
