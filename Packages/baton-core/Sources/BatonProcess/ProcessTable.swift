#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The processes of this machine, as `/proc` shows them (proc(5)).
public enum ProcessTable {
  public struct Entry: Sendable, Hashable {
    public let pid: Int32
    public let group: Int32
    public let session: Int32
    /// Ended, and not reaped by its parent.
    public let isZombie: Bool
  }

  /// Whether a process of the group runs; one that has ended and waits for its parent does not.
  static func isAlive(group: Int32) -> Bool { entries { $0.group == group && !$0.isZombie }.first != nil }

  /// The processes of a session that were started with a variable in their environment, such as `BATON_DEPLOY_ID=7`.
  public static func processes(with variable: String, session: Int32) -> [Entry] {
    entries { $0.session == session && !$0.isZombie }.filter { entry in
      guard entry.pid != getpid(), let environment = read("/proc/\(entry.pid)/environ") else { return false }
      return environment.split(separator: 0).contains { $0.elementsEqual(variable.utf8) }
    }
  }

  /// Ends the groups of processes at once (SIGKILL), and says whether none of them is left after at most 5 s.
  public static func end(_ processes: [Entry]) -> Bool {
    let groups = Set(processes.map(\.group)).filter { $0 > 1 && $0 != getpgrp() }
    for group in groups { kill(-group, SIGKILL) }
    let last = ContinuousClock.now + .seconds(5)
    while groups.contains(where: isAlive) {
      guard ContinuousClock.now < last else { return false }
      poll(nil, 0, 10)
    }
    return true
  }

  private static func entries(_ isWanted: (Entry) -> Bool) -> [Entry] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var found: [Entry] = []
    while let item = readdir(folder) {
      let name = withUnsafeBytes(of: item.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let pid = Int32(name), let entry = entry(pid), isWanted(entry) else { continue }
      found.append(entry)
    }
    return found
  }

  private static func entry(_ pid: Int32) -> Entry? {
    guard let stat = read("/proc/\(pid)/stat") else { return nil }
    // The name, in parentheses, may contain anything, also parentheses and spaces.
    let text = String(decoding: stat, as: UTF8.self)
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 3, let group = Int32(fields[2]), let session = Int32(fields[3]) else { return nil }
    return Entry(pid: pid, group: group, session: session, isZombie: fields[0] == "Z" || fields[0] == "X")
  }

  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, &chunk, chunk.count)
      #else
        let count = Darwin.read(descriptor, &chunk, chunk.count)
      #endif
      guard count > 0 else { return count == 0 ? bytes : nil }
      bytes += chunk.prefix(count)
    }
  }
}
