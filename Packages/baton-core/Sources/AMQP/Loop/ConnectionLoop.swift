import CRabbitMQ
import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// The thread of a connection: it alone touches librabbitmq.
///
/// One round: take what tasks have left in the mailbox and send it, read every frame that is there, hand on what came, run the jobs of
/// tasks that prefer this thread, sleep in `poll(2)` until a peer or a task has something. Meanwhile a job does not have the loop, and
/// one that blocks loses the thread its office (``Relay``): heartbeats go on whatever the tasks do.
final class ConnectionLoop {
  /// Frames handled before the mailbox is looked at again, so that neither side starves the other.
  private static let framesPerRound = 256
  /// Jobs run before the broker is heard again: half a heartbeat is longer than so many times a relay's patience.
  private static let jobsPerRound = 32
  /// Rounds without a look at whether the broker has said something, while tasks go on leaving something to do.
  private static let roundsUnheard = 2
  /// How long a closing connection waits for the peer's farewell, in milliseconds.
  private static let closeTimeout: Int64 = 1000
  /// How often it is looked whether something is overdue, at most, in milliseconds.
  private static let lookInterval: Int64 = 100

  let transport: Transport
  let mailbox: Mailbox
  /// By their numbers on the wire.
  var channels: [UInt16: ChannelState] = [:]
  var lastSerial = 0
  /// The highest number that a channel has had; the library makes buffers for any that a peer names.
  var highestChannel: UInt16 = 0

  let options: ConnectionOptions
  private let executor: UnownedTaskExecutor
  let watchdog: Watchdog
  private let relay: Relay
  var backlog = Backlog()
  var closing: (promise: Promise<Void>, since: Moment)?
  /// Whether the broker may have said something that has not been read.
  private var mayRead = true
  private var unheard = 0
  /// Bytes that the socket takes without blocking for long, by the last look at it.
  var budget = 0
  /// In milliseconds, as the three after it; zero: none.
  private let heartbeat: Int64
  private let longestSleep: Int64
  private let replyTimeout: Int64
  private let confirmTimeout: Int64
  private var nextLook = Moment.now
  private var lastHeard = Moment.now
  private var lastHeartbeat = Moment.now
  /// When the broker last had a reason not to reply: it was blocked, or had yet to receive what we sent.
  private var lastExcuse = Moment.now

  init(options: ConnectionOptions, mailbox: Mailbox) throws {
    self.options = options
    self.mailbox = mailbox
    executor = mailbox.asUnownedTaskExecutor()
    relay = try Relay()
    watchdog = try Watchdog(limit: options.callTimeout, relay: relay)
    var transport = try Transport()
    try transport.open(options)
    heartbeat = transport.heartbeat.wholeMilliseconds
    longestSleep = heartbeat > 0 ? heartbeat / 2 : 10_000
    replyTimeout = options.replyTimeout.wholeMilliseconds
    confirmTimeout = options.confirmTimeout.wholeMilliseconds
    self.transport = transport
    try watchdog.start()
  }

  /// Runs until the connection is no more, whoever ended it, and tells everybody who waits why; or until another thread has the loop.
  func run() {
    var reason: AMQPError
    do {
      while try round() {}
      return
    } catch let error as AMQPError {
      reason = error
    } catch {
      reason = AMQPError(.connectionLost, "\(error)", while: "talk to \(options.endpoint)")
    }
    watchdog.release()
    transport.hangUp()
    if watchdog.hasBitten {
      reason = AMQPError(
        .timedOut, "the broker took too few bytes in \(options.callTimeout)", while: "send to \(options.endpoint)")
    }
    let left = mailbox.end(reason)
    for channel in channels.values { channel.fail(code: reason.code, reason: reason.reason, action: reason.action) }
    channels = [:]
    for command in backlog.takeAll() + left { fail(command, reason) }
    closing?.promise.succeed(())
  }

  /// False if this thread has the loop no more, and must not touch it.
  private func round() throws -> Bool {
    let now = Moment.now
    watchdog.enter(transport.descriptor, at: now)
    backlog.append(mailbox.take())
    try sendBacklog()
    if mayRead {
      lastHeard = now
      mayRead = try readFrames()
      for channel in channels.values { channel.deliver() }
    }
    try keepAlive(now)
    guard runJobs() else { return false }
    if !mayRead { try sleep() }
    return true
  }

  /// False if one took so long that another thread has the loop.
  private func runJobs() -> Bool {
    var count = 0
    while count < Self.jobsPerRound, let job = mailbox.nextJob() {
      if count == 0 { watchdog.rest() }
      count += 1
      let turn = relay.layDown(self)
      job.runSynchronously(on: executor)
      guard relay.takeUp(turn) else { return false }
    }
    return true
  }

  // MARK: - In

  /// Reads what has been received, until `poll(2)` is the one to ask for more; true if there is more of which it does not know.
  private func readFrames() throws -> Bool {
    for _ in 0..<Self.framesPerRound {
      guard let frame = try transport.nextFrame() else { return false }
      try receive(frame)
      guard transport.hasReceived else { return false }
    }
    return true
  }

  /// The broker ends the connection in words (`connection.close`).
  func closedByBroker(_ close: amqp_connection_close_t) throws -> Never {
    let reason = String(close.reply_text)
    try transport.send(AMQP_CONNECTION_CLOSE_OK_METHOD, channel: 0, amqp_connection_close_ok_t())
    throw AMQPError(.init(rawValue: Int(close.reply_code)), reason, while: "stay connected to \(options.endpoint)")
  }

  func farewell() throws -> Never {
    throw AMQPError(.closed, "the connection was closed", while: "go on")
  }

  // MARK: - Time

  private func keepAlive(_ now: Moment) throws {
    guard now >= nextLook else { return }
    nextLook = now + Self.lookInterval
    if let closing, now - closing.since > Self.closeTimeout { try farewell() }
    if mailbox.blocked != nil { lastExcuse = now }
    try giveUpOverdue(now)
    for channel in channels.values {
      guard let upkeep = channel.upkeep, channel.upkeep?.begin(at: now) == true else { continue }
      // Nobody waits for it: if it is refused, the channel ends, and its consumers with it.
      backlog.append([.perform(upkeep.methods, channel: channel.id, Promise())])
    }
    guard heartbeat > 0 else { return }
    if now - lastHeard > heartbeat * 2 {
      throw AMQPError(
        .timedOut, "nothing heard for \(transport.heartbeat * 2)", while: "stay connected to \(options.endpoint)")
    }
    if now - lastHeartbeat >= heartbeat / 2, transport.isWritable() {
      lastHeartbeat = now
      try transport.sendHeartbeat()
    }
  }

  /// The broker owes a reply or a confirmation for too long. What it has not received yet, it does not owe.
  private func giveUpOverdue(_ now: Moment) throws {
    for channel in channels.values {
      let (reply, confirm) = (channel.awaitedSince, channel.confirms.oldest(at: now))
      guard reply != nil || confirm != nil else { continue }
      // At each look, not only when it would be overdue: it may have received the last of it just now.
      guard backlog.isEmpty, !transport.isSending else {
        lastExcuse = now
        return
      }
      if let reply, now - max(reply, lastExcuse) > replyTimeout {
        throw AMQPError(.timedOut, "no reply within \(options.replyTimeout)", while: channel.awaitedAction)
      }
      if let confirm, now - max(confirm, lastExcuse) > confirmTimeout {
        throw AMQPError(.timedOut, "not confirmed within \(options.confirmTimeout)", while: "publish")
      }
    }
  }

  private func sleep() throws {
    let sleeps = mailbox.prepareToSleep()
    if !sleeps, unheard < Self.roundsUnheard {
      unheard += 1
      return
    }
    unheard = 0
    var isSignalled = false
    defer { if sleeps { mailbox.woke(isSignalled: isSignalled) } }
    var wanted = Int16(POLLIN)
    if !backlog.isEmpty || hasAcks { wanted |= Int16(POLLOUT) }
    var pollers = [
      pollfd(fd: transport.descriptor, events: wanted, revents: 0),
      pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    watchdog.rest()
    relay.rest()
    let ready = poll(&pollers, 2, sleeps ? Int32(clamping: sleepTime(from: .now)) : 0)
    guard ready >= 0 || errno == EINTR else {
      throw AMQPError(.connectionLost, String(cString: strerror(errno)), while: "wait for \(options.endpoint)")
    }
    mayRead = ready > 0 && pollers[0].revents & ~Int16(POLLOUT) != 0
    isSignalled = ready > 0 && pollers[1].revents != 0
  }

  /// In milliseconds.
  private func sleepTime(from now: Moment) -> Int64 {
    let waits = closing != nil || channels.values.contains { $0.awaitedSince != nil }
    var time = waits ? min(longestSleep, 500) : longestSleep
    for channel in channels.values {
      if let next = channel.upkeep?.next { time = min(time, max(next, nextLook) - now) }
    }
    return max(0, time)
  }
}
