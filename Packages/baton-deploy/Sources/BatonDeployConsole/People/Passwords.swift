import Baton
import BatonDeployControl

/// Says whether a password is somebody's, without letting anybody wait who has nothing to do with it.
actor Passwords {
  enum Verdict: Sendable, Hashable {
    /// It is; `mark` tells this password from the next that the person gets.
    case right(mark: Fingerprint)
    case wrong
    /// Too many are being looked at.
    case busy
  }

  /// Each takes 19 MiB and tens of milliseconds of a processor.
  private static let mostAtOnce = 2
  private static let mostWaiting = 32
  /// How long one that was right is believed, in milliseconds; basic comes with each request.
  private static let believed: Int64 = 5 * 60_000
  private static let mostBelieved = 1000

  private var file: Watched<[String: PasswordHash]>
  private let logger: Logger
  private let now: @Sendable () -> Int64
  /// Makes what is believed useless to whoever reads this process's memory later.
  private let pepper = Randomness.bytes(32)
  private var right: [Fingerprint: (hash: PasswordHash, until: Int64)] = [:]
  private var running = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []
  /// Looked at for whoever is not there, so that the time does not tell who is.
  private let nobody: PasswordHash

  init(_ path: String, times: Times, logger: Logger) throws {
    file = try Watched(SecretFile(path: path, key: PasswordFile.key), parse: PasswordFile.parse)
    nobody = try PasswordHash(of: Randomness.secret())
    now = times.now
    self.logger = logger
  }

  /// What tells a person's present password from others; nil if there is none.
  func mark(of name: String) -> Fingerprint? { file.current(logger)[name].map(Self.mark) }

  var isEmpty: Bool { file.current(logger).isEmpty }

  /// Whether the same password was right a moment ago, and still is.
  func remembers(_ name: String, _ password: String) -> Bool {
    let key = key(name, password)
    guard let entry = right[key], entry.until > now(), file.current(logger)[name] == entry.hash else {
      right[key] = nil
      return false
    }
    return true
  }

  func check(_ name: String, _ password: String) async -> Verdict {
    guard await begin() else { return .busy }
    let known = file.current(logger)[name]
    let hash = known ?? nobody
    let matches = await Aside.run { hash.matches(password) }
    end()
    guard let matches else { return .busy }
    // It may have been changed meanwhile.
    guard matches, let known, file.current(logger)[name] == known else { return .wrong }
    remember(name, password, known)
    return .right(mark: Self.mark(known))
  }

  private func remember(_ name: String, _ password: String, _ hash: PasswordHash) {
    if right.count >= Self.mostBelieved {
      let now = now()
      right = right.filter { $0.value.until > now }
    }
    if right.count >= Self.mostBelieved { right = [:] }
    right[key(name, password)] = (hash, now() + Self.believed)
  }

  private func key(_ name: String, _ password: String) -> Fingerprint {
    Fingerprint(of: "\(name):\(password)", key: pepper)
  }

  private static func mark(_ hash: PasswordHash) -> Fingerprint { Fingerprint(of: hash.encoded) }

  // MARK: - Taking turns

  private func begin() async -> Bool {
    guard running >= Self.mostAtOnce else {
      running += 1
      return true
    }
    guard waiting.count < Self.mostWaiting else { return false }
    // Resumed by `end`, which leaves its own place to this one.
    await withCheckedContinuation { waiting.append($0) }
    return true
  }

  private func end() {
    if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
  }
}
