#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Cuts a stream of bytes into lines, up to a limit; what is beyond it is read and dropped, so that the writer never waits.
struct LineReader {
  /// Bytes of one line; a longer one is cut.
  static let longestLine = 4096
  /// Read at one time, so that a program that writes without end cannot keep its watcher from the clock.
  private static let most = 1024 * 1024

  private let limit: Int
  private var taken = 0
  private var rest: [UInt8] = []
  /// Bytes that were not handed on.
  private(set) var dropped = 0
  private(set) var isAtEnd = false

  init(limit: Int) { self.limit = limit }

  /// What is there now, without waiting.
  mutating func read(from descriptor: Int32) -> [String] {
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    var lines: [String] = []
    var total = 0
    while !isAtEnd, total < Self.most {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, &chunk, chunk.count)
      #else
        let count = Darwin.read(descriptor, &chunk, chunk.count)
      #endif
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { break }
      if count <= 0 { isAtEnd = true } else { lines += take(chunk.prefix(count)) }
      total += max(0, count)
    }
    return lines
  }

  /// The line that has no end.
  mutating func flush() -> [String] {
    defer { rest = [] }
    return rest.isEmpty ? [] : [Self.text(rest[...])]
  }

  mutating func take(_ bytes: ArraySlice<UInt8>) -> [String] {
    let allowed = bytes.prefix(max(0, limit - taken))
    dropped += bytes.count - allowed.count
    taken += allowed.count
    rest += allowed
    var lines: [String] = []
    var start = rest.startIndex
    while start < rest.endIndex {
      let window = rest[start...].prefix(Self.longestLine)
      if let end = window.firstIndex(of: 0x0A) {
        lines.append(Self.text(rest[start..<end]))
        start = end + 1
      } else if window.count == Self.longestLine {
        lines.append(Self.text(window))
        start = window.endIndex
      } else {
        break
      }
    }
    rest.removeFirst(start)
    return lines
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
  }
}
