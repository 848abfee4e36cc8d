#if canImport(Glibc)
  public import Glibc
#else
  public import Darwin
#endif

/// A value that several threads share, reached only under its lock; copies of it are the same one.
///
/// `Synchronization.Mutex` makes the thread sanitizer report races that are none, so this is a `pthread_mutex_t`. The value stands beside
/// it, behind a pointer, and all is inlinable: a property would be entered in Swift's register of accesses, which the lock makes needless,
/// and other modules would go through the type's metadata.
///
/// `@unchecked Sendable`: the value is touched only inside `withLock`.
public struct Locked<Value>: @unchecked Sendable {
  @usableFromInline
  final class Storage: ManagedBuffer<pthread_mutex_t, Value> {
    @inlinable
    deinit {
      withUnsafeMutablePointers { mutex, value in
        pthread_mutex_destroy(mutex)
        value.deinitialize(count: 1)
      }
    }
  }

  @usableFromInline let storage: ManagedBuffer<pthread_mutex_t, Value>

  @inlinable
  public init(_ value: Value) {
    storage = Storage.create(minimumCapacity: 1) { _ in pthread_mutex_t() }
    storage.withUnsafeMutablePointers { mutex, place in
      pthread_mutex_init(mutex, nil)
      place.initialize(to: value)
    }
  }

  @inlinable
  public func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    try storage.withUnsafeMutablePointers { mutex, value in
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return try body(&value.pointee)
    }
  }
}
