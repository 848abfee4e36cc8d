#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Standard output, which is for data, or standard error, which is for people.
public struct Output: Sendable {
  public static let standard = Output(descriptor: STDOUT_FILENO)
  public static let error = Output(descriptor: STDERR_FILENO)

  let descriptor: Int32

  /// Whether a person looks at it.
  public var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Whether colours are wanted: on a terminal that can, unless NO_COLOR is set (no-color.org).
  public var hasColor: Bool {
    guard isTerminal, getenv("NO_COLOR").map({ $0.pointee == 0 }) ?? true else { return false }
    return getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
  }

  public func writeLine(_ line: String) { write(line + "\n") }

  /// Writes all of it. A reader that has gone away ends the program silently, as it does any filter (by SIGPIPE).
  public func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
        #else
          let count = Darwin.write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
        #endif
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}

/// Emphasis on a terminal; on anything else the text as it is.
public struct Style: Sendable {
  private let isOn: Bool

  public init(for output: Output) { isOn = output.hasColor }

  public func bold(_ text: String) -> String { wrap(text, "1") }
  public func dim(_ text: String) -> String { wrap(text, "2") }
  public func red(_ text: String) -> String { wrap(text, "31") }
  public func green(_ text: String) -> String { wrap(text, "32") }
  public func yellow(_ text: String) -> String { wrap(text, "33") }

  private func wrap(_ text: String, _ code: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
