#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The file system, as far as it is needed here; each function says in words what the system said.
enum Files {
  /// Absolute, with all symbolic links followed; nil if there is nothing.
  ///
  /// The corresponding C function is `realpath(3)`.
  static func real(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  /// Whether anything is there, be it a symbolic link that leads nowhere.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The first bytes of a file; nil if it cannot be read.
  static func text(_ path: String, limit: Int = 64 * 1024) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = fread(&bytes, 1, limit, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// Makes a folder that is not there yet.
  static func makeFolder(_ path: String) throws(Refusal) {
    guard mkdir(path, 0o755) == 0 else { throw failure("cannot make the folder \(path)") }
  }

  /// Makes a folder and those above it, where they are missing.
  static func makeFolders(_ path: String, in root: String) throws(Refusal) {
    var folder = root
    for part in path.split(separator: "/") {
      folder += "/\(part)"
      if !isFolder(folder) { try makeFolder(folder) }
    }
  }

  /// Writes a file that is not there yet.
  static func write(_ text: String, to path: String) throws(Refusal) {
    guard let file = fopen(path, "wx") else { throw failure("cannot make \(path)") }
    let isWritten = fputs(text, file) >= 0
    // What the disk has no room for shows only now.
    guard fclose(file) == 0, isWritten else { throw failure("cannot write \(path)") }
  }

  /// Removes a folder with all that is in it.
  static func remove(_ path: String) {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      let inner = "\(path)/\(name)"
      var status = stat()
      if lstat(inner, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { remove(inner) } else { unlink(inner) }
    }
    closedir(folder)
    rmdir(path)
  }

  private static func failure(_ problem: String) -> Refusal {
    Refusal(
      .folder, "\(problem): \(String(cString: strerror(errno)))",
      "see to the folder and its rights, or name another one with --path")
  }
}
