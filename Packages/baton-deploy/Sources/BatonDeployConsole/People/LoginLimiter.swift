#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Has whoever guesses wait, longer each time: by the name that is guessed at, and by where the guesses come from.
///
/// A try counts when it begins, so that a thousand at once are a thousand. Whoever has been let in under a name from an address is not
/// kept out by others who guess at that name from elsewhere.
struct LoginLimiter: Sendable {
  /// How many are free, how long one waits after the first that is not, and at most; in milliseconds.
  private static let free = (name: 5, client: 20)
  private static let first: Int64 = 1000
  private static let longest: Int64 = 15 * 60_000
  /// What nobody has tried for so long is forgotten.
  private static let memory: Int64 = 60 * 60_000

  private struct Tally {
    var count = 0
    var last: Int64
    var blockedUntil: Int64 = 0
  }

  /// Entries of each kind.
  private let most: Int
  private var tallies: [String: Tally] = [:]
  /// Names and addresses that belong together.
  private var familiar: [String: Int64] = [:]

  init(most: Int = 10_000) { self.most = most }

  /// Begins a try; gives the milliseconds to wait if it may not begin yet, and then does not count it.
  mutating func begin(name: String, client: String, at now: Int64) -> Int64? {
    begin(keys(name, client), at: now)
  }

  /// It was right.
  mutating func succeed(name: String, client: String, at now: Int64) {
    for (key, _) in keys(name, client) {
      guard key.hasPrefix("client "), var tally = tallies[key], tally.count > 1 else {
        tallies[key] = nil
        continue
      }
      // Only this try: somebody with a name of his own must not be able to wipe out what he has guessed at others'.
      tally.count -= 1
      tally.blockedUntil = 0
      tallies[key] = tally
    }
    if familiar.count >= most { familiar = newerHalf(of: familiar) { $0 } }
    familiar[Self.pair(name, client)] = now
  }

  /// The same for tokens, which have no names to guess at.
  mutating func beginToken(client: String, at now: Int64) -> Int64? {
    begin([("token \(Self.network(client))", Self.free.client)], at: now)
  }

  private mutating func begin(_ keys: [(key: String, free: Int)], at now: Int64) -> Int64? {
    let wait = keys.map { (tallies[$0.key]?.blockedUntil ?? 0) - now }.max() ?? 0
    guard wait <= 0 else { return wait }
    for (key, free) in keys {
      var tally = tallies[key] ?? Tally(last: now)
      if now - tally.last > Self.memory { tally = Tally(last: now) }
      tally.count += 1
      tally.last = now
      let excess = tally.count - free
      if excess >= 0 { tally.blockedUntil = now + min(Self.longest, Self.first << Int64(min(excess, 20))) }
      if tallies[key] == nil { makeRoom(at: now) }
      tallies[key] = tally
    }
    return nil
  }

  private func keys(_ name: String, _ client: String) -> [(key: String, free: Int)] {
    let pair = Self.pair(name, client)
    return [
      (familiar[pair] == nil ? "name \(name)" : pair, Self.free.name),
      ("client \(Self.network(client))", Self.free.client),
    ]
  }

  private mutating func makeRoom(at now: Int64) {
    guard tallies.count >= most else { return }
    tallies = tallies.filter { now - $0.value.last <= Self.memory }
    // Whoever has to wait is not forgotten for others who do not.
    if tallies.count >= most { tallies = newerHalf(of: tallies) { max($0.last, $0.blockedUntil) } }
  }

  private func newerHalf<Value>(of entries: [String: Value], _ time: (Value) -> Int64) -> [String: Value] {
    let sorted = entries.sorted { time($0.value) > time($1.value) }
    return Dictionary(uniqueKeysWithValues: sorted.prefix(most / 2).map { ($0.key, $0.value) })
  }

  var count: Int { tallies.count }

  private static func pair(_ name: String, _ client: String) -> String { "pair \(name) \(network(client))" }

  /// Of an IPv6 address the first 64 bits: the rest is its owner's to choose.
  private static func network(_ client: String) -> String {
    var address = in6_addr()
    guard inet_pton(AF_INET6, client, &address) == 1 else { return client }
    return withUnsafeBytes(of: &address) { [UInt8]($0.prefix(8)).hexadecimal }
  }
}
