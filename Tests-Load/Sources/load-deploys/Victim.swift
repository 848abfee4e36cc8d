import Baton
import BatonDeploy
import BatonProcess
import LoadLedger

/// A host whose agent is killed again and again, and what is ordered of it meanwhile.
actor Victim {
  /// How long a word is waited for: longer than invariant 5 allows.
  private static let patience = Duration.seconds(60)

  let home: Home
  private let ear: Ear
  private let executables: Executables
  private var words: AsyncStream<Ear.Word>.Iterator
  private var agent: AgentProcess?
  private var generator: SeededGenerator
  private var count = 0
  /// What has been ordered since everything was answered for, and the version.
  private var orders: [(id: String, version: String)] = []
  /// Those of them whose last word has not been heard.
  private var open: Set<String> = []
  /// How long a deploy takes that nobody disturbs.
  private var usual = Duration.zero

  struct Executables: Sendable {
    /// As it is shipped.
    let shipped: String
    /// One that was built for tests, which knows the points.
    let tested: String
  }

  init(_ home: Home, ear: Ear, executables: Executables, seed: Int) {
    self.home = home
    self.ear = ear
    self.executables = executables
    words = ear.words(of: home.host).makeAsyncIterator()
    generator = SeededGenerator(seed: seed)
  }

  /// Something runs, undisturbed.
  func begin() async throws {
    try await start(executables.shipped)
    let began = ContinuousClock.now
    try await order()
    usual = began.duration(to: .now)
  }

  /// Kills the agent in the way that is wanted, and has it come back and answer for everything.
  func undergo(_ trial: Trial) async throws {
    switch trial {
    case .point(let point, let isSick):
      await kill(at: "rest")
      try await start(executables.tested, dieAt: point)
      let id = try await send(isSick: isSick)
      try await agent?.die(at: point)
      agent = nil
      note(id, trial.name)
    case .random:
      if agent == nil { try await start(executables.shipped) }
      let id = try await send()
      // Sometimes another, in the same millisecond.
      if Bool.random(using: &generator) { _ = try await send() }
      // A little longer than it takes: it may also be over by then.
      try await wait(atMost: usual * 1.5)
      await kill(at: trial.name, id)
      if Int.random(in: 0..<4, using: &generator) == 0 {
        try await start(executables.shipped, isAwaited: false)
        try await wait(atMost: usual / 2)
        await kill(at: "its coming back", id)
      }
    }
    try await start(executables.shipped)
    try await answerForAll()
  }

  /// Some deploys that nobody disturbs, between two looks at what the process has.
  func calm() async throws {
    if agent == nil { try await start(executables.shipped) }
    for round in 0..<6 {
      try await order()
      if round == 0 || round == 5 { measure() }
    }
    await kill(at: "rest")
  }

  /// No process of it stays.
  func end() async { await agent?.kill() }

  // MARK: - Orders

  private func order() async throws {
    _ = try await send()
    try await answerForAll()
  }

  private func send(isSick: Bool = false) async throws -> String {
    count += 1
    let id = "\(home.host)-\(count)"
    let version = isSick ? "\(count)-sick" : "\(count)"
    try home.offer(version)
    orders.append((id, version))
    open.insert(id)
    ear.ledger.write(.ordered) { ($0.host, $0.id, $0.version) = (home.host, id, version) }
    try await send(id, version)
    return id
  }

  private func send(_ id: String, _ version: String) async throws {
    _ = try await ear.conversation.send(
      Deploy(Order(app: "shop", id: id, by: "chance"), version: version),
      to: Target("shop.\(Home.environment)", host: home.host), id: id, timeToLive: .seconds(60))
  }

  /// Waits for the last word about everything; then asks for it once more, which must change nothing.
  private func answerForAll() async throws {
    while !open.isEmpty { try await hear() }
    open = Set(orders.map(\.id))
    try await sendAgain()
    while !open.isEmpty { try await hear() }
    orders = []
    settle()
  }

  private func settle() {
    let target = home.currentVersion
    ear.ledger.write(.settled) { ($0.host, $0.version) = (home.host, target) }
  }

  private func hear() async throws {
    switch try await word() {
    case .up: try await sendAgain()
    case .result(let id): open.remove(id)
    }
  }

  private func word() async throws -> Ear.Word {
    let word = try await withThrowingTaskGroup(of: Ear.Word?.self) { group in
      group.addTask { await self.next() }
      group.addTask {
        try await Task.sleep(for: Self.patience)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    guard let word else { throw Silence(host: home.host, open: open.sorted()) }
    return word
  }

  private func next() async -> Ear.Word? {
    var words = words
    let word = await words.next(isolation: #isolation)
    self.words = words
    return word
  }

  // MARK: - The agent

  /// Starts it, and, once it listens, tells it again what it has not answered.
  private func start(_ executable: String, dieAt point: String? = nil, isAwaited: Bool = true) async throws {
    ear.ledger.write(.started) { $0.host = home.host }
    let began = ContinuousClock.now
    agent = try await AgentProcess(executable, configuration: home.configuration, dieAt: point)
    guard isAwaited else { return }
    while true {
      switch try await word() {
      // That of an earlier start, of which nobody waited for it.
      case .up(let moment) where moment < began: break
      case .up: return try await sendAgain()
      case .result(let id): open.remove(id)
      }
    }
  }

  /// What was on the queue of an agent that was killed is gone.
  private func sendAgain() async throws {
    for (id, version) in orders where open.contains(id) { try await send(id, version) }
  }

  private func kill(at point: String, _ id: String? = nil) async {
    guard let agent else { return }
    note(id, point)
    await agent.kill()
    self.agent = nil
  }

  private func note(_ id: String?, _ point: String) {
    ear.ledger.write(.killed) { ($0.name, $0.id, $0.point) = (home.host, id, point) }
  }

  private func wait(atMost longest: Duration) async throws {
    let part = Double.random(in: 0...1, using: &generator)
    try await Task.sleep(for: longest * part)
  }

  private func measure() {
    guard let agent else { return }
    let footprint = Footprint("\(agent.pid)")
    ear.ledger.write(.process) {
      ($0.name, $0.pid) = (home.host, Int(agent.pid))
      ($0.descriptors, $0.threads, $0.memory) = (footprint.descriptors, footprint.threads, footprint.memory)
    }
  }
}

/// A host has not said what it owes.
struct Silence: Error, CustomStringConvertible {
  let host: String
  let open: [String]

  var description: String {
    "nothing is heard of \(host), which owes \(open.isEmpty ? "its 'up'" : open.joined(separator: ", "))"
  }
}
