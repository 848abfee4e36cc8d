/// How tasks reach the connection's thread: they leave commands, the thread takes them all at once. Tasks that prefer this executor
/// leave their jobs here as well, and are run on it.
final class Mailbox: Sendable {
  enum Command {
    case openChannel([Method], Promise<ChannelID>, Promise<[MethodReply]>)
    case closeChannel(ChannelID)
    case perform([Method], channel: ChannelID, Promise<[MethodReply]>)
    /// These methods now and then, from now on.
    case keepUp([Method], channel: ChannelID)
    case consume(Consumption, channel: ChannelID, Promise<[MethodReply]>)
    case publish([Publishing], channel: ChannelID, Promise<[Confirm]>)
    case settle(UInt64, Settlement, channel: ChannelID)
    case close(Promise<Void>)
  }

  private struct State {
    var commands: [Command] = []
    var jobs: [UnownedJob] = []
    /// So many of the jobs have been taken.
    var jobsTaken = 0
    var readerSleeps = false
    var ended: AMQPError?
    var blocked: String?
    var waitingForEnd: [Promise<AMQPError>] = []
    var waitingForBlocked: [Promise<String?>] = []
  }

  private let state = Locked(State())
  private let wakeUp: WakeUp

  init() throws { wakeUp = try WakeUp() }

  var descriptor: Int32 { wakeUp.descriptor }

  /// Leaves a command; says why if nobody will take it any more.
  func post(_ command: Command) throws(AMQPError) {
    let (ended, wake) = state.withLock { state -> (AMQPError?, Bool) in
      if let ended = state.ended { return (ended, false) }
      state.commands.append(command)
      defer { state.readerSleeps = false }
      return (nil, state.readerSleeps)
    }
    if let ended { throw ended }
    if wake { wakeUp.signal() }
  }

  /// Everything left since the last time.
  func take() -> [Command] {
    state.withLock { state in
      defer { state.commands.removeAll(keepingCapacity: state.commands.count < 1024) }
      return state.commands
    }
  }

  /// False if there is something to take: the thread must not sleep.
  func prepareToSleep() -> Bool {
    state.withLock { state in
      state.readerSleeps = state.commands.isEmpty && state.jobs.isEmpty
      return state.readerSleeps
    }
  }

  /// - Parameter isSignalled: whether it was from here that the thread was woken.
  func woke(isSignalled: Bool) {
    state.withLock { $0.readerSleeps = false }
    if isSignalled { wakeUp.clear() }
  }

  /// No command is taken from now on; those left over come back.
  func end(_ reason: AMQPError) -> [Command] {
    let left = state.withLock { state in
      let left = state
      state.ended = reason
      state.commands = []
      state.jobs = []
      state.jobsTaken = 0
      state.waitingForEnd = []
      state.waitingForBlocked = []
      return left
    }
    for job in left.jobs[left.jobsTaken...] { globalConcurrentExecutor.enqueue(job) }
    for promise in left.waitingForEnd { promise.succeed(reason) }
    for promise in left.waitingForBlocked { promise.fail(reason) }
    return left.commands
  }

  /// Why the broker takes no messages for now, if it said so.
  var blocked: String? {
    get { state.withLock { $0.blocked } }
    set {
      let waiting = state.withLock { state in
        state.blocked = newValue
        defer { state.waitingForBlocked = [] }
        return state.waitingForBlocked
      }
      for promise in waiting { promise.succeed(newValue) }
    }
  }

  /// Waits until ``blocked`` is not any more what the caller knows of it; throws why the connection ended.
  func blocked(otherThan known: String?) async throws -> String? {
    let promise = Promise<String?>()
    try state.withLock { state in
      if let ended = state.ended { throw ended }
      if state.blocked == known { state.waitingForBlocked.append(promise) } else { promise.succeed(state.blocked) }
    }
    return try await promise.value
  }

  /// Waits until the connection is no more, and tells why.
  func waitForEnd() async throws -> AMQPError {
    let promise = Promise<AMQPError>()
    let ended = state.withLock { state -> AMQPError? in
      if state.ended == nil { state.waitingForEnd.append(promise) }
      return state.ended
    }
    return if let ended { ended } else { try await promise.value }
  }
}

extension Mailbox: TaskExecutor {
  /// Leaves a job of a task; it is run elsewhere if the connection is no more.
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let (isLeft, wake) = state.withLock { state in
      guard state.ended == nil else { return (false, false) }
      state.jobs.append(job)
      defer { state.readerSleeps = false }
      return (true, state.readerSleeps)
    }
    if wake { wakeUp.signal() }
    if !isLeft { globalConcurrentExecutor.enqueue(job) }
  }

  func nextJob() -> UnownedJob? {
    state.withLock { state in
      guard state.jobsTaken < state.jobs.count else { return nil }
      let job = state.jobs[state.jobsTaken]
      state.jobsTaken += 1
      if state.jobsTaken == state.jobs.count {
        state.jobs.removeAll(keepingCapacity: state.jobs.count < 1024)
        state.jobsTaken = 0
      }
      return job
    }
  }
}

/// A channel among all that a connection has ever had. Its number on the wire is used again; what was meant for the channel before
/// must not reach the one after it.
struct ChannelID: Sendable, Hashable {
  let number: UInt16
  let serial: Int
}

/// A consumer to start, and where its deliveries go.
struct Consumption: Sendable {
  var queue: String
  var tag: String
  /// Set just before; nil leaves what the channel has.
  var prefetch: UInt16?
  var exclusive: Bool
  var arguments: FieldTable
  var inbox: Inbox

  /// In words that follow "could not".
  var action: String { "consume from '\(queue)'" }
}

enum MethodReply: Sendable {
  case done
  case queue(QueueStatus)
}
