import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that says who is let in: not for everybody to read, and for nobody but its owner to change.
struct SecretFile: Sendable {
  let path: String
  /// The key of the configuration that names it.
  let key: String

  private static let limit = 4 * 1024 * 1024

  /// What tells a file that was changed from the one that was read.
  struct Stamp: Hashable, Sendable {
    fileprivate let inode: UInt64
    fileprivate let size: Int64
    fileprivate let changed: [Int]
  }

  /// Nil if it is not there, or cannot be looked at. The corresponding C function is `stat(2)`.
  var stamp: Stamp? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Glibc)
      let (written, changed) = (status.st_mtim, status.st_ctim)
    #else
      let (written, changed) = (status.st_mtimespec, status.st_ctimespec)
    #endif
    return Stamp(
      inode: UInt64(status.st_ino), size: Int64(status.st_size),
      changed: [written.tv_sec, written.tv_nsec, changed.tv_sec, changed.tv_nsec])
  }

  /// What is in it; nil if it is not there. One that others can read or change is refused.
  func read() throws(ConfigurationError) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw unusable("cannot be looked at: \(String(cString: strerror(errno)))", "see to the rights of its folder")
    }
    guard status.st_mode & 0o007 == 0 else {
      throw unusable("is open to everybody on this machine", "run 'chmod o= \(path)'")
    }
    guard status.st_mode & 0o020 == 0 else {
      throw unusable("can be changed by its whole group", "run 'chmod g-w \(path)'")
    }
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(path, limit: Self.limit) } catch {
      throw unusable("cannot be read: \(error.reason)", "see to its owner and its rights")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw unusable("is no text in UTF-8", "make it anew")
    }
    return text
  }

  /// Puts a new file in the place of the old one, whose owner, group and rights it gets: whoever reads meanwhile sees one or the other
  /// whole. A file that was not there is its owner's to read and change, and its group's to read; where the caller may give it
  /// away, it belongs to whom its folder belongs.
  ///
  /// The corresponding C functions are `open(2)`, `fsync(2)` and `rename(2)`.
  func write(_ text: String) throws(ConfigurationError) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let temporary = "\(path).\(Randomness.bytes(6).hexadecimal)"
    let model = Self.status(path) ?? Self.status(folder.isEmpty ? "/" : folder)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw unwritten("see to the rights of its folder") }
    defer { close(descriptor) }
    do throws(ConfigurationError) {
      if let model, geteuid() == 0 || model.st_gid != getegid() {
        // Refused to whoever is not root, unless he is in the group: then it stays his own.
        _ = fchown(descriptor, geteuid() == 0 ? model.st_uid : uid_t.max, model.st_gid)
      }
      let rights = Self.status(path).map { $0.st_mode & 0o640 } ?? 0o640
      guard fchmod(descriptor, rights) == 0, Self.put([UInt8](text.utf8), descriptor), fsync(descriptor) == 0,
        rename(temporary, path) == 0
      else { throw unwritten("see to the space on its disk, and to the rights of its folder") }
    } catch {
      unlink(temporary)
      throw error
    }
    Self.sync(folder.isEmpty ? "/" : folder)
  }

  func unusable(_ problem: String, _ remedy: String, line: Int? = nil) -> ConfigurationError {
    ConfigurationError(
      place: line.map { "\(path):\($0)" } ?? path, problem: "the file of \(key) \(problem)", remedy: remedy)
  }

  private func unwritten(_ remedy: String) -> ConfigurationError {
    unusable("cannot be written: \(String(cString: strerror(errno)))", remedy)
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  private static func put(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { buffer in
        #if canImport(Glibc)
          Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #else
          Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// The new name is on disk too.
  private static func sync(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
