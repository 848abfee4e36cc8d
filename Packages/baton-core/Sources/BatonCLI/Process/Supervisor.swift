import AMQP
import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs asynchronous work from a synchronous `main`, and obeys signals meanwhile.
///
/// The main thread waits in `poll(2)` for a signal, for the end of the work, or for the time to tell the watchdog; no other thread is
/// needed for it. Signals are blocked before the first task, so that no thread of the pool takes them.
public struct Supervisor: Sendable {
  private let notifier: Notifier
  private let savesMemory: Bool

  /// - Parameter savesMemory: whether what runs is idle most of the time, for long, and is to be small then.
  public init(notifier: Notifier = Notifier(environment: [:]), savesMemory: Bool = false) {
    self.notifier = notifier
    self.savesMemory = savesMemory
  }

  /// Runs `body` to its end and gives its code.
  ///
  /// - Parameters:
  ///   - stop: the first SIGTERM or SIGINT; a second one ends the process at once with 143 or 130.
  ///   - hangup: SIGHUP.
  public func run(
    stop: @escaping @Sendable () -> Void, hangup: @escaping @Sendable () -> Void = {},
    body: @escaping @Sendable () async -> ExitCode
  ) -> ExitCode {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let signalled = signalfd(-1, &signals, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
    let finished = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard signalled >= 0, finished >= 0 else {
      Output.error.writeLine("cannot wait for signals: \(String(cString: strerror(errno)))")
      return .system
    }
    let result = Locked<ExitCode?>(nil)
    // Ends when the work does; the process ends after it.
    Task.detached {
      let code = await body()
      result.withLock { $0 = code }
      _ = eventfd_write(finished, 1)
    }
    wait(signalled, finished, stop: stop, hangup: hangup)
    return result.withLock { $0 } ?? .system
  }

  /// Runs a command to its end; Ctrl-C cancels it, and then the code is 130.
  public func run(_ body: @escaping @Sendable () async -> ExitCode) -> ExitCode {
    let task = Locked<Task<ExitCode, Never>?>(nil)
    let isCancelled = Locked(false)
    return run {
      isCancelled.withLock { $0 = true }
      task.withLock { $0?.cancel() }
    } body: {
      // Ended by its own return, or by the signal.
      let running = Task { await body() }
      task.withLock { $0 = running }
      if isCancelled.withLock({ $0 }) { running.cancel() }
      let code = await running.value
      return isCancelled.withLock { $0 } ? .interrupted : code
    }
  }

  private func wait(
    _ signalled: Int32, _ finished: Int32, stop: () -> Void, hangup: () -> Void
  ) {
    var pollers = [
      pollfd(fd: signalled, events: Int16(POLLIN), revents: 0), pollfd(fd: finished, events: Int16(POLLIN), revents: 0),
    ]
    var isStopping = false
    let heart = Heart(notifier: notifier)
    var footprint = savesMemory ? Footprint(startedAt: .now) : nil
    while true {
      heart.beat()
      if footprint?.isDue(at: .now, used: Footprint.processorTime) == true { csystem_release_memory() }
      // Without anything to wait for it is for ever.
      let wait = min(heart.interval ?? .max, footprint?.timeToLook(at: .now) ?? .max)
      _ = poll(&pollers, 2, wait == .max ? -1 : Int32(clamping: wait))
      if pollers[1].revents != 0 { return }
      var info = signalfd_siginfo()
      guard pollers[0].revents != 0, read(signalled, &info, MemoryLayout.size(ofValue: info)) > 0 else { continue }
      let signal = Int32(info.ssi_signo)
      if signal == SIGHUP {
        hangup()
      } else if isStopping {
        exit(128 + signal)
      } else {
        isStopping = true
        notifier.stopping()
        stop()
      }
    }
  }
}

/// Tells the watchdog that the service lives, twice in each of its intervals, as long as tasks still get a thread.
private struct Heart {
  let notifier: Notifier
  /// Set by a task that was started at the last beat: if it is not, the pool is stuck.
  private let hasRun = Locked(true)

  init(notifier: Notifier) {
    self.notifier = notifier
    interval = notifier.watchdog.map { max(1, $0.wholeMilliseconds / 2) }
  }

  /// In milliseconds; nil without a watchdog.
  let interval: Int64?

  func beat() {
    guard notifier.watchdog != nil, hasRun.withLock({ $0 }) else { return }
    notifier.alive()
    hasRun.withLock { $0 = false }
    // Ends at once, if there is a thread for it.
    Task.detached { hasRun.withLock { $0 = true } }
  }
}
