import BatonProcess

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open folder, and what is done with the names in it.
///
/// An agent that is root works among files of others, who could put a link in its way at any moment: within a folder no link is ever
/// followed. The corresponding C functions are `openat(2)` and its family.
struct Folder: ~Copyable {
  let path: String
  let descriptor: Int32

  /// Opens a folder by its path, in which links are followed: it comes from the configuration.
  init(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open", path) }
    self.path = path
    self.descriptor = descriptor
  }

  private init(_ path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// A folder in it.
  func folder(_ name: String) throws(FileError) -> Folder {
    let opened = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard opened >= 0 else { throw FileError("open", "\(path)/\(name)") }
    return Folder("\(path)/\(name)", descriptor: opened)
  }

  /// A folder in it, made if it is not there.
  ///
  /// - Parameter owner: of a folder that is made.
  func folder(making name: String, owner: User? = nil) throws(FileError) -> Folder {
    guard mkdirat(descriptor, name, 0o755) == 0 else {
      guard errno == EEXIST else { throw FileError("make", "\(path)/\(name)") }
      return try folder(name)
    }
    let made = try folder(name)
    if let owner, !owner.isOurs {
      guard fchown(made.descriptor, owner.id, owner.group) == 0 else { throw FileError("give away", made.path) }
    }
    return made
  }

  enum Kind {
    case folder, link, file
  }

  /// What stands under a name; nil if nothing does.
  func kind(of name: String) throws(FileError) -> Kind? {
    var status = stat()
    guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      guard errno == ENOENT else { throw FileError("look at", "\(path)/\(name)") }
      return nil
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .folder
    case S_IFLNK: return .link
    default: return .file
    }
  }

  /// The names in it, sorted.
  func names() throws(FileError) -> [String] {
    // A descriptor of its own: `closedir` closes what it was given.
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = fdopendir(copy) else { throw FileError("read", path) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Where a link points to; nil if there is nothing or something else.
  func target(of name: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { chars in
        chars.baseAddress.map { readlinkat(descriptor, name, $0, chars.count) } ?? -1
      }
    }
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
  }

  func link(_ name: String, to target: String) throws(FileError) {
    guard symlinkat(target, descriptor, name) == 0 else { throw FileError("link", "\(path)/\(name)") }
  }

  /// Gives something another name, in place of what had it: at every moment the new name is the old thing or the new one.
  func rename(_ name: String, to newName: String) throws(FileError) {
    guard renameat(descriptor, name, descriptor, newName) == 0 else {
      throw FileError("rename \(name) to", "\(path)/\(newName)")
    }
  }

  /// Removes what stands under a name, with all that is in it; nothing is as good.
  func remove(_ name: String) throws(FileError) {
    guard unlinkat(descriptor, name, 0) != 0, errno != ENOENT else { return }
    guard errno == EISDIR || errno == EPERM, try kind(of: name) == .folder else {
      throw FileError("remove", "\(path)/\(name)")
    }
    try folder(name).empty()
    guard unlinkat(descriptor, name, AT_REMOVEDIR) == 0 else { throw FileError("remove", "\(path)/\(name)") }
  }

  /// Brings the names in it to disk.
  func sync() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw FileError("keep", path) }
  }

  private func empty() throws(FileError) {
    // A folder without the right to write hides what is in it from all but root.
    _ = fchmod(descriptor, 0o700)
    for name in try names() { try remove(name) }
  }
}
