import Baton
import LoadLedger

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Resolves `current` of some hosts every millisecond, and writes down whenever he sees something else.
struct Watcher {
  /// What is in every release, first and last in its archive, and the link that is made before it is switched to.
  static let parts = ["first", "last", "log"]

  private struct Sight: Equatable {
    var version: String?
    /// What is not as it should be.
    var flaw: String?
  }

  private let ledger: Ledger
  private let homes: [Home]
  private var last: [Sight?]

  init(_ homes: [Home], ledger: Ledger) {
    self.homes = homes
    self.ledger = ledger
    last = Array(repeating: nil, count: homes.count)
  }

  /// Looks until the stop is requested. It does not suspend: the driver's own tasks must not keep it waiting.
  mutating func run(until stop: StopSignal) {
    // This thread alone comes first, where we may say so: all others want the processor as well.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -20)
    var looks = 0
    var gap = 0.0
    var before = ContinuousClock.now
    while !stop.isRequested {
      let now = ContinuousClock.now
      if looks > 0 { gap = max(gap, before.duration(to: now) / .seconds(1)) }
      before = now
      looks += 1
      for index in homes.indices { look(at: index) }
      let rest = 1000 - Int(now.duration(to: .now) / .microseconds(1))
      if rest > 0 { usleep(UInt32(rest)) }
    }
    for home in homes {
      ledger.write(.looked) { ($0.host, $0.looks, $0.gap) = (home.host, looks, gap) }
    }
  }

  private mutating func look(at index: Int) {
    let sight = Self.sight(of: homes[index].app)
    guard sight != last[index] else { return }
    last[index] = sight
    ledger.write(.seen) { ($0.host, $0.version, $0.name) = (homes[index].host, sight.version, sight.flaw) }
  }

  /// What `current` is, and whether all of it is there: resolved once, and looked at through what that gave.
  private static func sight(of app: String) -> Sight {
    let folder = open("\(app)/current", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return Sight(flaw: String(cString: strerror(errno))) }
    defer { close(folder) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { buffer in
      buffer.withMemoryRebound(to: CChar.self) { chars in
        chars.baseAddress.map { readlink("/proc/self/fd/\(folder)", $0, chars.count) } ?? -1
      }
    }
    guard count > 0 else { return Sight(flaw: "it cannot be resolved") }
    let path = String(decoding: bytes.prefix(count), as: UTF8.self)
    let missing = parts.filter { faccessat(folder, $0, R_OK, 0) != 0 }
    return Sight(
      version: path.split(separator: "/").last.map(String.init),
      flaw: missing.isEmpty ? nil : "without \(missing.joined(separator: ", "))")
  }
}
