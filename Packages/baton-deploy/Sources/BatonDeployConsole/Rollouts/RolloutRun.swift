import Baton
import BatonDeployControl

/// A rollout that this console drives: what has become of it so far, and a bell for those who look.
actor RolloutRun {
  private(set) var board: Board
  /// Why it ended before it was over.
  private(set) var failure: (any Error)?
  private(set) var hasBegun = false
  private(set) var isAtWork = true
  /// Whether nothing more happens by itself, though it may still be leaving its connection.
  var isOver: Bool { !isAtWork || board.rollout.isOver }

  /// No new host begins once it is requested.
  let stop = StopSignal()
  private var bell = Bell()
  private var driving: Task<Void, Never>?

  init(_ rollout: Rollout) { board = Board(rollout) }

  /// Follows it to its end. To be called once.
  func drive(_ begin: @Sendable (StopSignal) -> RolloutEvents, atEnd: @escaping @Sendable () async -> Void) {
    let events = begin(stop)
    // Ended by the end of the rollout, or by `leave`.
    driving = Task {
      do {
        for try await event in events { take(event) }
      } catch {
        fail(error)
      }
      end()
      await atEnd()
    }
  }

  /// Returns when the lock is held and it goes on, or when ``failure`` says what stands in the way.
  func begun() async {
    for await _ in listen() where hasBegun || failure != nil { return }
  }

  /// Returns when it is driven no more.
  func ended() async {
    for await _ in listen() where !isAtWork { return }
  }

  /// Strokes while it is at work; at once one, for how it stands now.
  func listen() -> AsyncStream<Void> {
    let strokes = bell.listen()
    bell.ring()
    if !isAtWork { bell.fallSilent() }
    return strokes
  }

  func ring() { bell.ring() }

  /// Drives it no more, without stopping it: whoever comes next goes on from where it stands in the store.
  func leave() async {
    driving?.cancel()
    await driving?.value
  }

  private func take(_ event: RolloutEvent) {
    hasBegun = true
    board.take(event)
    bell.ring()
  }

  private func fail(_ error: any Error) {
    guard !(error is CancellationError) else { return }
    failure = error
    board.fail("\(error)")
  }

  private func end() {
    isAtWork = false
    bell.ring()
    bell.fallSilent()
  }
}
