import Baton
import CArchive

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An entry of an archive that may be unpacked, by its name and its kind.
struct Entry {
  enum Kind: Equatable {
    case file, folder, link
    /// To another file of the archive.
    case hardLink(String)
  }

  let pointer: OpaquePointer
  /// Without `.` in it and `/` at its end; empty for the folder itself.
  let name: String
  let kind: Kind

  /// For messages.
  var shown: String { String(name.escapingControlCharacters.prefix(200)) }

  /// Checks it, and corrects its rights so that its owner can read it.
  init(_ pointer: OpaquePointer, limits: Archive.Limits) throws(Archive.Refusal) {
    self.pointer = pointer
    guard let text = archive_entry_pathname(pointer) else { throw Archive.Refusal("a name in it is not text") }
    let parts = try Self.parts(of: String(cString: text), limits)
    name = parts.joined(separator: "/")
    let shown = String(name.escapingControlCharacters.prefix(200))
    if let target = archive_entry_hardlink(pointer) {
      kind = .hardLink(try Self.parts(of: String(cString: target), limits).joined(separator: "/"))
      return
    }
    let mode = archive_entry_mode(pointer)
    switch mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFLNK:
      let target = archive_entry_symlink(pointer).map { String(cString: $0) } ?? ""
      guard Self.stays(target, depth: parts.count - 1) else {
        throw Archive.Refusal(
          "'\(shown)' is a link that leads out of it, or may: '\(target.escapingControlCharacters.prefix(200))'")
      }
      kind = .link
      return
    default: throw Archive.Refusal("'\(shown)' is a device, a pipe or a socket")
    }
    guard mode & (S_ISUID | S_ISGID) == 0 else { throw Archive.Refusal("'\(shown)' is setuid or setgid") }
    archive_entry_set_perm(pointer, mode & 0o777 | (kind == .folder ? 0o700 : 0o600))
  }

  private static func parts(of path: String, _ limits: Archive.Limits) throws(Archive.Refusal) -> [Substring] {
    let shown = path.escapingControlCharacters.prefix(200)
    guard !path.isEmpty, path.utf8.count <= 2048 else {
      throw Archive.Refusal("a name in it is empty or too long: '\(shown)'")
    }
    guard !path.hasPrefix("/") else { throw Archive.Refusal("'\(shown)' begins at the root") }
    let parts = path.split(separator: "/").filter { $0 != "." }
    guard !parts.contains("..") else { throw Archive.Refusal("'\(shown)' has '..' in it") }
    guard parts.count <= limits.depth else {
      throw Archive.Refusal("'\(shown)' lies deeper than \(limits.depth) folders")
    }
    return parts
  }

  /// Whether a link in a folder of that depth cannot lead out, whatever other links there are.
  ///
  /// `..` may only stand at the beginning: there it goes up from a real folder, since nothing is unpacked through a link, and no
  /// further than the depth allows. After a name it would go up from wherever that name leads to.
  private static func stays(_ target: String, depth: Int) -> Bool {
    guard !target.isEmpty, !target.hasPrefix("/"), target.utf8.count <= 2048 else { return false }
    let parts = target.split(separator: "/").filter { $0 != "." }
    let ups = parts.prefix { $0 == ".." }.count
    return ups <= depth && !parts.dropFirst(ups).contains("..")
  }
}
