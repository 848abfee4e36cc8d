import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// A thread of the system's own, outside Swift's pool, for what must go on while tasks are busy.
///
/// The corresponding C function is `pthread_create(3)`.
package enum Thread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// librabbitmq decodes tables by recursion without a limit of its own. A frame can hold 21,800 levels, at less than 400 bytes of
  /// stack each; what is never used is never mapped.
  private static let stackSize = 16 * 1024 * 1024

  /// Starts a detached thread that takes no signals.
  package static func start(_ body: @escaping @Sendable () -> Void) throws {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let retained = Unmanaged.passRetained(Body(body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, retained.toOpaque())
    guard status == 0 else {
      retained.release()
      throw AMQPError(.unreachable, String(cString: strerror(status)), while: "start a thread")
    }
    pthread_detach(thread)
  }
}
