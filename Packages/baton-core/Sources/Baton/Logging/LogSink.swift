import AMQP

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where a log's lines go: standard error, a file that can be reopened, or a test.
public final class LogSink: Sendable {
  private struct Target {
    var descriptor: Int32
    var path: String?
    var hasComplained = false
  }

  private let target: Locked<Target>
  private let receive: (@Sendable (String) -> Void)?
  /// Whether lines go to systemd's journal, which keeps the time itself and reads a priority at the beginning of each.
  let isJournal: Bool

  private init(_ target: Target, isJournal: Bool, receive: (@Sendable (String) -> Void)? = nil) {
    self.target = Locked(target)
    self.isJournal = isJournal
    self.receive = receive
  }

  /// Hands each line to a closure.
  public convenience init(_ receive: @escaping @Sendable (String) -> Void) {
    self.init(Target(descriptor: -1), isJournal: false, receive: receive)
  }

  /// - Parameter journal: whether it is systemd's (`JOURNAL_STREAM` is set).
  public static func standardError(journal: Bool = false) -> LogSink {
    LogSink(Target(descriptor: STDERR_FILENO), isJournal: journal)
  }

  /// Appends to a file, which is made if it is not there, readable by its owner and group.
  public static func file(_ path: String) throws -> LogSink { try file(path, isJournal: false) }

  static func file(_ path: String, isJournal: Bool) throws -> LogSink {
    LogSink(Target(descriptor: try open(path), path: path), isJournal: isJournal)
  }

  deinit {
    target.withLock { if $0.path != nil { close($0.descriptor) } }
  }

  /// Opens the file anew, after logrotate has moved it away; keeps the old one if that fails.
  public func reopen() throws {
    guard let path = target.withLock(\.path) else { return }
    let descriptor = try Self.open(path)
    target.withLock { target in
      close(target.descriptor)
      target.descriptor = descriptor
      target.hasComplained = false
    }
  }

  /// Writes one line with one call, so that lines of several writers do not mix; says whether it could.
  @discardableResult
  func write(_ line: String) -> Bool {
    if let receive {
      receive(line)
      return true
    }
    var line = line
    return target.withLock { target in
      let isWritten = line.withUTF8 { Self.write($0, to: target.descriptor) }
      guard !isWritten, let path = target.path, !target.hasComplained else { return isWritten }
      target.hasComplained = true
      var complaint = "cannot write to the log \(path): \(String(cString: strerror(errno)))\n"
      _ = complaint.withUTF8 { Self.write($0, to: STDERR_FILENO) }
      return false
    }
  }

  private static func write(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
      #else
        let count = Darwin.write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func open(_ path: String) throws -> Int32 {
    #if canImport(Glibc)
      let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
    #else
      let descriptor = Darwin.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
    #endif
    guard descriptor >= 0 else {
      throw LogFileError(path: path, reason: String(cString: strerror(errno)))
    }
    return descriptor
  }
}

/// A log file that cannot be opened.
public struct LogFileError: Error, CustomStringConvertible {
  public let path: String
  public let reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String {
    "cannot open the log file \(path): \(reason); see to its folder and rights, or set LOG_FILE to another path"
  }
}
