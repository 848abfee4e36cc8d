import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// One direction of a proxied connection: bytes that were read and are not yet passed on.
struct ProxyStream {
  /// Read ahead of what the receiver takes; beyond it the sender has to wait.
  private static let capacity = 64 * 1024

  private struct Chunk {
    let due: ContinuousClock.Instant
    var bytes: ArraySlice<UInt8>
  }

  private var chunks: [Chunk] = []
  private var held = 0
  /// The sender has said that nothing more comes.
  private(set) var isEnded = false
  /// And the receiver was told.
  private(set) var isFinished = false

  var hasRoom: Bool { !isEnded && held < Self.capacity }

  var nextDue: ContinuousClock.Instant? { chunks.first?.due }

  /// Reads what is there, up to the capacity; false if the connection is broken.
  mutating func read(from descriptor: Int32, delay: Duration) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    if count > 0 {
      chunks.append(Chunk(due: .now + delay, bytes: buffer[..<count]))
      held += count
    } else if count == 0 {
      isEnded = true
    } else {
      return errno == EAGAIN || errno == EINTR
    }
    return true
  }

  /// Reads what is there and drops it; tells how many bytes, or nil if the connection is over.
  static func swallow(from descriptor: Int32) -> Int? {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    if count > 0 { return count }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : nil
  }

  /// Passes on what is due, at most so many bytes; tells how many, or nil if the connection is broken.
  mutating func write(to descriptor: Int32, atMost allowance: Int) -> Int? {
    var written = 0
    while let chunk = chunks.first, chunk.due <= .now, written < allowance {
      let part = chunk.bytes.prefix(allowance - written)
      let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
      let count = part.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
      guard count >= 0 else {
        if errno == EAGAIN || errno == EINTR { break }
        return nil
      }
      written += count
      held -= count
      chunks[0].bytes.removeFirst(count)
      if chunks[0].bytes.isEmpty { chunks.removeFirst() }
    }
    if isEnded, !isFinished, chunks.isEmpty {
      isFinished = true
      shutdown(descriptor, Int32(SHUT_WR))
    }
    return written
  }
}
