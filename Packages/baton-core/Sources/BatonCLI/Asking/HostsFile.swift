#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file with a host on each line; empty lines and what stands behind `#` do not count.
enum HostsFile {
  static func read(_ path: String?) throws -> [String] {
    guard let path else { return [] }
    let file = path == "-" ? fdopen(dup(STDIN_FILENO), "r") : fopen(path, "r")
    guard let file else { throw failure(path) }
    defer { fclose(file) }
    var hosts: [String] = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) > 0, let line {
      let word = String(cString: line).prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).first
      if let word { hosts.append(String(word)) }
    }
    // The end and an error look the same to getline.
    guard ferror(file) == 0 else { throw failure(path) }
    return hosts
  }

  private static func failure(_ path: String) -> UsageError {
    UsageError("Cannot read the hosts file \(path): \(String(cString: strerror(errno))).")
  }
}
