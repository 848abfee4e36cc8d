#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Work that takes a while, on a thread of its own: the threads of tasks are few, and pages wait for them.
enum Aside {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Nil if the system has no thread to give.
  static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value? {
    await withCheckedContinuation { continuation in
      if !start({ continuation.resume(returning: work()) }) { continuation.resume(returning: nil) }
    }
  }

  /// The corresponding C function is `pthread_create(3)`.
  private static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    // Signals are for the threads that know of them.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let retained = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, retained.toOpaque())
    guard status == 0 else {
      retained.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}
