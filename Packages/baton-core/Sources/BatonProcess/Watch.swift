import AMQP
import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Watches a process from its start to its end, on a thread of its own: reads its output, minds its time, ends its group.
///
/// `@unchecked Sendable`: all but `wakeUp` and `isCancelled` is touched by the thread alone that calls `run`.
final class Watch: @unchecked Sendable {
  enum Event: Sendable {
    case line(String)
    case ended(Program.Ending)
  }

  /// How long a process may take to disappear after SIGKILL; one that hangs in the kernel may never.
  private static let killTime = Duration.seconds(5)

  private let program: Program
  private let child: Child
  private let wakeUp: WakeUp
  private let isCancelled = Locked(false)
  private var lines: LineReader

  init(_ program: Program) throws {
    self.program = program
    wakeUp = try WakeUp()
    child = try Child(program)
    lines = LineReader(limit: program.outputLimit)
  }

  /// From any thread.
  func cancel() {
    isCancelled.withLock { $0 = true }
    wakeUp.signal()
  }

  func run(_ receive: (Event) -> Void) {
    let deadline = ContinuousClock.now + program.timeout
    while true {
      let hasEnded = wait(until: deadline, receive)
      if hasEnded { return finish(receive, .none) }
      if isCancelled.withLock({ $0 }) { return finish(receive, .cancelled) }
      if ContinuousClock.now >= deadline { return finish(receive, .timedOut) }
    }
  }

  private func finish(_ receive: (Event) -> Void, _ way: Program.Ending.Way?) {
    if way != nil { endGroup(receive) }
    read(receive)
    let status = child.reap()
    let isGone = way == nil || waitForGroup()
    for line in lines.flush() { receive(.line(line)) }
    let signal = csystem_end_signal(status)
    let ownWay = signal == 0 ? Program.Ending.Way.exited(csystem_exit_status(status)) : .killed(signal)
    receive(.ended(Program.Ending(way: way ?? ownWay, isGone: isGone, dropped: lines.dropped)))
  }

  /// TERM, and after the grace KILL, for all of the group, until its first process has ended.
  private func endGroup(_ receive: (Event) -> Void) {
    child.send(SIGTERM)
    let patience = ContinuousClock.now + program.grace
    while ContinuousClock.now < patience {
      let hasEnded = wait(until: min(patience, .now + .milliseconds(50)), receive)
      if hasEnded, !ProcessTable.isAlive(group: child.pid) { break }
    }
    child.send(SIGKILL)
    let last = ContinuousClock.now + Self.killTime
    while ContinuousClock.now < last, !wait(until: last, receive) {}
  }

  /// After the first process is reaped; says whether no other is left.
  private func waitForGroup() -> Bool {
    let last = ContinuousClock.now + Self.killTime
    while ProcessTable.isAlive(group: child.pid) {
      guard ContinuousClock.now < last else { return false }
      poll(nil, 0, 10)
    }
    return true
  }

  /// Waits for output, the end, or a wake-up; says whether the process has ended.
  private func wait(until deadline: ContinuousClock.Instant, _ receive: (Event) -> Void) -> Bool {
    let isWoken = isCancelled.withLock { $0 }
    var pollers = [
      pollfd(fd: child.ended, events: Int16(POLLIN), revents: 0),
      pollfd(fd: lines.isAtEnd ? -1 : child.output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isWoken ? -1 : wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let rest = ContinuousClock.now.duration(to: deadline).wholeMilliseconds
    _ = poll(&pollers, 3, Int32(clamping: max(0, min(rest + 1, 3_600_000))))
    if pollers[1].revents != 0 { read(receive) }
    return pollers[0].revents != 0
  }

  /// Reads what is there. After the end of the process no more is waited for: a child of it may hold the pipe open for ever.
  private func read(_ receive: (Event) -> Void) {
    for line in lines.read(from: child.output) { receive(.line(line)) }
  }
}
