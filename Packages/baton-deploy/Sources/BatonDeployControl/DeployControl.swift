import AMQP
public import Baton
public import BatonDeploy

/// The operator's side of baton-deploy: asks hosts about an application in an environment, and drives rollouts.
///
/// There is no terminal in it: commands and a web page show what it gives.
public struct DeployControl: Sendable {
  /// Of the exchanges: `baton_deploy_in`, `baton_deploy_out`.
  public static let name = "baton_deploy"

  /// Who asks: `jo@laptop`.
  public private(set) var by: String
  public let times: Times
  let broker: any Broker
  let api: API
  let logger: Logger

  /// - Parameters:
  ///   - user: the broker's user, which goes with each request.
  ///   - durable: how the exchanges are declared where they are missing.
  ///   - seal: signs each request, where hosts want that.
  public init(
    broker: any Broker, by: String, user: String? = nil, durable: Bool = true, seal: Seal? = nil, logger: Logger,
    times: Times = .system
  ) {
    self.broker = broker
    self.by = by
    self.times = times
    self.logger = logger
    api = API(Self.name, broker: broker, user: user, durable: durable, seal: seal, clock: times.clock)
  }

  /// The same, for somebody else to ask.
  public func acting(as person: String) -> DeployControl {
    var control = self
    control.by = person
    return control
  }

  /// Asks all hosts of an application in an environment, or, where hosts are named, those alone, and gathers what they answer.
  ///
  /// Where hosts are named it ends when the last of them has answered; otherwise nobody knows how many there are, and it waits all of
  /// `wait`.
  public func ask<R: DeployRequest>(
    _ place: Place, hosts: [String] = [], wait: Duration = .seconds(2), _ request: (Order) -> R
  ) async throws -> Gathered<R.Reply> {
    let deadline = times.now() + wait.inMilliseconds
    let request = request(Order(app: place.app, by: by, deadline: deadline))
    var gathered = Gathered<R.Reply>()
    for try await answer in api.ask(
      request, of: Target.each(of: [place.key], hosts: hosts), until: Ending(deadline: wait))
    { gathered.add(answer) }
    return gathered
  }

  /// What runs where.
  public func fleet(_ place: Place, hosts: [String] = [], wait: Duration = .seconds(2)) async throws -> Fleet {
    Fleet(place, named: hosts, try await ask(place, hosts: hosts, wait: wait) { Current($0) })
  }

  /// Who rolls out there; nil if nobody does, or whoever does has no answer.
  public func holder(of place: Place, wait: Duration = .seconds(2)) async throws -> LockHolder? {
    try await askHolder(of: place, WhoHolds(), wait)
  }

  /// Has whoever rolls out there let no new host begin; gives who that is, nil if nobody does.
  ///
  /// - Parameter id: only that rollout; whoever drives another goes on, and is given all the same.
  public func stop(_ place: Place, id: String? = nil, wait: Duration = .seconds(2)) async throws -> LockHolder? {
    try await askHolder(of: place, StopRollout(id: id, by: by), wait)
  }

  private func askHolder<R: Request>(
    of place: Place, _ request: R, _ wait: Duration
  ) async throws -> LockHolder? where R.Reply == LockHolder {
    let target = Target(RolloutLock.key(of: place))
    for try await answer in api.ask(request, of: [target], until: Ending(deadline: wait, count: 1)) {
      if case .reply(let holder) = answer.outcome { return holder }
    }
    return nil
  }

  /// Begins a rollout, and drives it until it is over; the stop lets no new host begin. The store learns of it once the lock is held.
  ///
  /// Throws ``LockHeld`` if somebody else is at it, `StoreError` if it cannot be written down any more, and `AMQPError` if the broker
  /// does not permit it; a lost connection is made anew. Whoever stops to read the events stops it at once.
  public func begin(_ rollout: Rollout, in store: RolloutStore, until stop: StopSignal) -> RolloutEvents {
    drive(rollout, isNew: true, in: store, until: stop)
  }

  /// Goes on with a rollout that was paused, or whose driver died, as ``begin(_:in:until:)`` does: from where it stands in the store
  /// once the lock is held.
  public func resume(_ rollout: Rollout, in store: RolloutStore, until stop: StopSignal) -> RolloutEvents {
    drive(rollout, isNew: false, in: store, until: stop)
  }

  private func drive(
    _ rollout: Rollout, isNew: Bool, in store: RolloutStore, until stop: StopSignal
  ) -> RolloutEvents {
    RolloutEvents { continuation in
      let drive = Drive(rollout, isNew: isNew, control: self, store: store, stop: stop, events: continuation)
      // Ended by its own return, or by the reader's leaving.
      let task = Task {
        do {
          try await drive.run()
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// Everything that hosts say, as they say it, until the connection is lost.
  public func messages() -> AsyncThrowingStream<AnyMessage, any Error> {
    AsyncThrowingStream { continuation in
      // Ended by the reader's leaving, or by the loss of the connection.
      let task = Task {
        do {
          let channel = try await broker.channel()
          do {
            let conversation = try await api.converse(on: channel, hearsAll: true)
            while true {
              for message in try await conversation.receive() { continuation.yield(message) }
            }
          } catch {
            await channel.close()
            throw error
          }
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// A new id for a rollout, which sorts by its time: `20260301T140307-k3f9`.
  public func newID() -> String {
    let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
    let tail = (0..<4).compactMap { _ in letters.randomElement() }
    return "\(Moment.compact(times.now()))-\(String(tail))"
  }

  // MARK: - Telling

  /// Tells one host of a rollout what to do, and gives what the broker says of it.
  func tell(_ assignment: Rollout.Assignment, of rollout: Rollout, on conversation: Conversation) async throws
    -> Confirm
  {
    let deadline = rollout.deadline(of: assignment)
    let plan = rollout.plan
    let order = Order(app: plan.place.app, id: rollout.id(of: assignment.direction), by: plan.by, deadline: deadline)
    // A host that has begun is only asked for the result; it has it, however late the question.
    let timeToLive = Duration.milliseconds(max(5000, deadline - times.now()))
    func send(_ request: some DeployRequest) async throws -> Confirm {
      try await conversation.send(
        request, to: Target(plan.place.key, host: assignment.host), id: rollout.messageID(of: assignment),
        timeToLive: timeToLive)
    }
    switch (assignment.direction, plan.act) {
    case (.back, _): return try await send(Rollback(order, to: rollout.host(assignment.host)?.previous))
    case (.forward, .deploy(let version, let sha256)):
      return try await send(Deploy(order, version: version, sha256: sha256))
    case (.forward, .rollback(let version)): return try await send(Rollback(order, to: version))
    case (.forward, .restart): return try await send(Restart(order))
    }
  }
}
