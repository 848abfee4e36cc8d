#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that entries are appended to, by many tasks at once.
public struct Ledger: Sendable {
  private let descriptor: Int32

  /// For the life of the process.
  public init?(_ path: String) {
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
  }

  /// Adds an entry with the time of now, with one `write(2)`: lines of several writers do not mix.
  public func write(_ event: Entry.Event, _ fill: (inout Entry) -> Void = { _ in }) {
    var entry = Entry(event, at: Self.seconds(CLOCK_BOOTTIME), wall: Self.seconds(CLOCK_REALTIME))
    fill(&entry)
    // Numbers and strings only: there is nothing in it that could fail to encode.
    guard var bytes = try? JSONEncoder().encode(entry) else { return }
    bytes.append(UInt8(ascii: "\n"))
    _ = bytes.withUnsafeBytes { put($0) }
  }

  private func put(_ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
