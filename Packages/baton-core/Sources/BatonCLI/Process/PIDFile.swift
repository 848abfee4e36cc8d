import Baton
import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The file that tells which process runs a service, locked as long as it does: a second start sees the lock, and a file that a dead
/// process left behind is simply taken over.
public struct PIDFile: ~Copyable {
  /// Why the file cannot be had.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
    public let exitCode: ExitCode
  }

  public let path: String
  private let descriptor: Int32

  /// Makes or takes over the file, locks it and writes this process's number into it.
  ///
  /// The corresponding C function is `flock(2)`.
  public init(_ path: String) throws(Failure) {
    let descriptor = try Self.lock(path)
    var text = "\(getpid())\n"
    let isWritten =
      ftruncate(descriptor, 0) == 0 && text.withUTF8 { write(descriptor, $0.baseAddress, $0.count) == $0.count }
    guard isWritten else {
      defer { close(descriptor) }
      throw Self.failure(path, "write")
    }
    self.path = path
    self.descriptor = descriptor
  }

  /// Removes the file if it is still ours; the lock ends with it.
  deinit {
    if Self.isFile(descriptor, at: path) { unlink(path) }
    close(descriptor)
  }

  /// Opens and locks the file; gives its descriptor.
  private static func lock(_ path: String) throws(Failure) -> Int32 {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw failure(path, "open") }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let holder = number(in: descriptor)
        close(descriptor)
        throw Failure(description: "already running (pid \(holder)), says \(path)", exitCode: .alreadyRunning)
      }
      if isFile(descriptor, at: path) { return descriptor }
      // Its last holder removed the file between our opening and our locking: once more.
      close(descriptor)
    }
  }

  private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
    var opened = stat()
    var named = stat()
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
      && opened.st_dev == named.st_dev
  }

  private static func number(in descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = max(0, pread(descriptor, &bytes, bytes.count, 0))
    let digits = bytes.prefix(count).prefix { (0x30...0x39).contains($0) }
    return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
  }

  private static func failure(_ path: String, _ action: String) -> Failure {
    Failure(
      description: "cannot \(action) the pid file \(path): \(String(cString: strerror(errno))); "
        + "see to its folder and rights, or set PID_FILE to another path", exitCode: .alreadyRunning)
  }
}
