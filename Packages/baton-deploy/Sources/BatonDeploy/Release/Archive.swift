import CArchive

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Unpacks an archive into the current folder of a process that does nothing else, and has no more rights than the files need.
///
/// Refused, before anything of it is written: names that begin at the root or have `..` in them, links that lead out of the folder,
/// devices, pipes, sockets, setuid and setgid programs; and whatever exceeds the ``Limits``.
/// The corresponding C functions are those of libarchive, `archive_read_*(3)` and `archive_write_disk(3)`.
public struct Archive: ~Copyable {
  /// What an archive may unpack to.
  public struct Limits: Sendable, Hashable {
    public var entries = 200_000
    public var bytes: Int64 = 4 * 1024 * 1024 * 1024
    /// Bytes unpacked for each byte of the archive. Text compresses to a tenth; a bomb to a thousandth.
    public var ratio: Int64 = 200
    /// Folders within each other.
    public var depth = 64

    public init() {}
  }

  /// An archive that is not taken, and why.
  public struct Refusal: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
  }

  /// Below this many bytes the ratio says nothing.
  private static let small: Int64 = 1024 * 1024

  private let reader: OpaquePointer
  private let writer: OpaquePointer
  private let limits: Limits
  private var entries = 0
  private var bytes: Int64 = 0
  /// Files that hard links may name.
  private var files: Set<String> = []

  private init(reader: OpaquePointer, writer: OpaquePointer, limits: Limits) {
    self.reader = reader
    self.writer = writer
    self.limits = limits
  }

  deinit {
    archive_read_free(reader)
    archive_write_free(writer)
  }

  /// Unpacks what comes out of a descriptor, and brings it to disk.
  ///
  /// - Throws: ``Refusal``; what has been unpacked until then is the caller's to remove.
  public static func unpack(_ descriptor: Int32, limits: Limits = Limits()) throws(Refusal) {
    // Names in an archive are UTF-8, and libarchive converts them to the locale's set.
    setlocale(LC_ALL, "C.UTF-8")
    guard let reader = archive_read_new() else { throw Refusal("out of memory") }
    guard let writer = archive_write_disk_new() else {
      archive_read_free(reader)
      throw Refusal("out of memory")
    }
    var archive = Archive(reader: reader, writer: writer, limits: limits)
    try archive.begin(descriptor)
    while let entry = try archive.nextEntry() { try archive.unpack(entry) }
    try archive.finish()
    try keep()
  }

  /// Brings the file system of the current folder to disk.
  private static func keep() throws(Refusal) {
    let folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(folder) }
    guard folder >= 0, baton_syncfs(folder) == 0 else {
      throw Refusal("it could not be kept: \(String(cString: strerror(errno)))")
    }
  }

  private func begin(_ descriptor: Int32) throws(Refusal) {
    // By name: «all» has filters among it that start programs.
    for status in [
      archive_read_support_filter_gzip(reader), archive_read_support_filter_bzip2(reader),
      archive_read_support_filter_xz(reader), archive_read_support_filter_zstd(reader),
      archive_read_support_format_tar(reader), archive_read_support_format_zip(reader),
    ] where status != ARCHIVE_OK && status != ARCHIVE_WARN {
      throw refusal(reader)
    }
    // Rights are those in the archive, less the umask and what setuid there may be; owners, ACLs and the like are not taken over.
    archive_write_disk_set_options(
      writer,
      Int32(ARCHIVE_EXTRACT_SECURE_NODOTDOT | ARCHIVE_EXTRACT_SECURE_SYMLINKS)
        | Int32(ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS) | Int32(ARCHIVE_EXTRACT_TIME))
    guard archive_read_open_fd(reader, descriptor, 64 * 1024) == ARCHIVE_OK else {
      throw Refusal("it is no archive that can be read (tar or zip): \(text(archive_error_string(reader)))")
    }
  }

  /// The next entry, checked; nil at the end.
  private mutating func nextEntry() throws(Refusal) -> Entry? {
    var pointer: OpaquePointer?
    let status = archive_read_next_header(reader, &pointer)
    if status == ARCHIVE_EOF {
      guard entries > 0 else { throw Refusal("there is nothing in it") }
      return nil
    }
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let pointer else { throw refusal(reader) }
    entries += 1
    guard entries <= limits.entries else { throw Refusal("it has more than \(limits.entries) entries") }
    return try Entry(pointer, limits: limits)
  }

  private mutating func unpack(_ entry: Entry) throws(Refusal) {
    switch entry.kind {
    case .hardLink(let target):
      guard files.contains(target) else {
        throw Refusal("'\(entry.shown)' is a hard link to something that is not in it before")
      }
    case .file: files.insert(entry.name)
    case .folder, .link: break
    }
    try count(max(0, archive_entry_size(entry.pointer)), reserving: true)
    guard archive_write_header(writer, entry.pointer) == ARCHIVE_OK else { throw refusal(writer, entry) }
    if entry.kind == .file { try copyData(of: entry) }
    guard archive_write_finish_entry(writer) == ARCHIVE_OK else { throw refusal(writer, entry) }
  }

  private mutating func copyData(of entry: Entry) throws(Refusal) {
    var offset: Int64 = 0
    while true {
      var block: UnsafeRawPointer?
      var size = 0
      let status = archive_read_data_block(reader, &block, &size, &offset)
      if status == ARCHIVE_EOF { return }
      guard status == ARCHIVE_OK else { throw refusal(reader, entry) }
      try count(Int64(size), reserving: false)
      guard archive_write_data_block(writer, block, size, offset) >= ARCHIVE_OK else { throw refusal(writer, entry) }
    }
  }

  /// - Parameter reserving: what an entry says of itself: it is held against the limit, but not yet there.
  private mutating func count(_ more: Int64, reserving: Bool) throws(Refusal) {
    guard more <= limits.bytes - bytes else { throw Refusal("it unpacks to more than \(limits.bytes) bytes") }
    if reserving { return }
    bytes += more
    let packed = max(1, archive_filter_bytes(reader, -1))
    guard bytes < Self.small || bytes / packed <= limits.ratio else {
      throw Refusal("it unpacks to more than \(limits.ratio) times its size")
    }
  }

  private func finish() throws(Refusal) {
    guard archive_write_close(writer) == ARCHIVE_OK else { throw refusal(writer) }
  }

  private func refusal(_ handle: OpaquePointer, _ entry: Entry? = nil) -> Refusal {
    let code = archive_errno(handle)
    // «Write failed» alone does not say that the disk is full.
    let reason = code > 0 ? ": \(String(cString: strerror(code)))" : ""
    return Refusal((entry.map { "'\($0.shown)': " } ?? "") + text(archive_error_string(handle)) + reason)
  }

  private func text(_ words: UnsafePointer<CChar>?) -> String { words.map { String(cString: $0) } ?? "unknown" }
}
