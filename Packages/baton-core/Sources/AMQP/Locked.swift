#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A value that several threads share, reached only under its lock.
///
/// `Synchronization.Mutex` makes the thread sanitizer report races that are none, so this is a `pthread_mutex_t`.
///
/// `@unchecked Sendable`: `value` is touched only inside `withLock`, and the mutex outlives every caller as part of this object.
package final class Locked<Value>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  package init(_ value: Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
