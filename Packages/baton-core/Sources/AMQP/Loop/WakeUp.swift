import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// A descriptor that `poll` waits for and any thread can make ready.
///
/// The corresponding C function is `eventfd(2)`.
package final class WakeUp: Sendable {
  package let descriptor: Int32

  package init() throws {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard descriptor >= 0 else {
      throw AMQPError(.unreachable, String(cString: strerror(errno)), while: "open an event descriptor")
    }
  }

  deinit { close(descriptor) }

  package func signal() {
    // Fails only if the counter is full, and then the reader is awake already.
    _ = eventfd_write(descriptor, 1)
  }

  package func clear() {
    var count: eventfd_t = 0
    _ = eventfd_read(descriptor, &count)
  }
}
