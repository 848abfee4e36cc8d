import AMQP
import Baton
import BatonDeploy
import BatonDeployControl

/// What people and programs do with the console, whichever way they come in: the pages and the API are two faces of it.
///
/// Whoever comes in is known already; what he may do is decided here, and written down.
struct Console: Sendable {
  /// A proposal is as old as its facts: after so long nobody approves it any more; milliseconds.
  static let proposalLife: Int64 = 3_600_000

  let overview: Overview
  let desk: RolloutDesk
  let versions: Versions
  let confirmed: Set<String>
  let secondPerson: Set<String>
  let control: DeployControl
  /// How long hosts have to answer before something is begun.
  let wait: Duration
  let audit: ConsoleAudit

  var store: RolloutStore { desk.store }
  var now: Int64 { control.times.now() }

  /// Whether the environment's name has to be typed by people.
  func asksForName(_ place: Place) -> Bool { confirmed.contains(place.environment) }

  func wantsSecondPerson(_ place: Place) -> Bool { secondPerson.contains(place.environment) }

  // MARK: - Looking

  /// A place that is known here.
  func spot(_ place: Place) async throws -> Spot {
    guard let spot = await overview.look(at: place) else {
      throw Rejection.unknown(
        "Nobody here knows \(place): no host has said that it runs it, and WEB_PLACES does not name it.")
    }
    return spot
  }

  /// A rollout that was begun from here.
  func board(_ id: String) async throws -> Board {
    guard let board = try await desk.board(id) else {
      throw Rejection.unknown("There is no rollout '\(id.prefix(80))' that was begun from here.")
    }
    return board
  }

  // MARK: - Doing

  /// Asks the hosts, and begins a rollout or writes down a proposal; gives its id.
  func begin(_ wish: RolloutWish, by admission: Admission) async throws -> String {
    let visitor = admission.visitor
    return try await audited(wish.act.description, wish.place, nil, admission) {
      guard visitor.mayDeploy(wish.place) else { throw Self.notAllowed(visitor, wish.place) }
      if admission.isPerson, asksForName(wish.place), wish.confirmation != wish.place.environment {
        throw Rejection.invalid("Type the environment's name, \(wish.place.environment), to confirm; nothing was done.")
      }
      let rollout = try await planned(wish, by: visitor)
      if wantsSecondPerson(wish.place) {
        try await desk.propose(rollout)
      } else {
        try await started { try await desk.begin(rollout, by: signature(of: visitor)) }
      }
      return rollout.plan.id
    }
  }

  /// What can be done to a rollout.
  enum Turn: String, CaseIterable, Sendable {
    case stop, cancel, resume, rollback, approve
  }

  /// Does something to a rollout.
  func turn(_ id: String, _ turn: Turn, by admission: Admission, confirmation: String?) async throws {
    let visitor = admission.visitor
    let rollout = try await board(id).rollout
    let place = rollout.plan.place
    _ = try await audited(turn.rawValue, place, id, admission) {
      guard visitor.mayDeploy(place) else { throw Self.notAllowed(visitor, place) }
      let begins = turn == .approve || turn == .resume || turn == .rollback
      if admission.isPerson, begins, asksForName(place), confirmation != place.environment {
        throw Rejection.invalid("Type the environment's name, \(place.environment), to confirm; nothing was done.")
      }
      try await check(turn, rollout, by: admission)
      let person = signature(of: visitor)
      switch turn {
      case .stop: await desk.stop(id)
      case .cancel: try await started { try await desk.cancel(id, by: person) }
      case .resume: try await started { try await desk.resume(id, by: person) }
      case .rollback: try await started { try await desk.goBack(id, by: person) }
      case .approve: try await started { try await desk.approve(id, by: person) }
      }
      return id
    }
  }

  /// Which turns make sense as a rollout stands.
  func turns(of rollout: Rollout) async -> [Turn] {
    switch rollout.state {
    // Whoever drove it is gone.
    case .going where await !desk.isAtWork(rollout.plan.id), .stopping where await !desk.isAtWork(rollout.plan.id):
      [.resume, .cancel]
    case .proposed: now - (began(rollout) ?? 0) > Self.proposalLife ? [.cancel] : [.approve, .cancel]
    case .going: rollout.direction == .forward ? [.stop, .cancel, .rollback] : [.stop, .cancel]
    case .stopping: [.cancel]
    case .paused: [.resume, .cancel] + (rollout.canGoBack ? [.rollback] : [])
    case .ended: rollout.canGoBack ? [.rollback] : []
    }
  }

  private func check(_ turn: Turn, _ rollout: Rollout, by admission: Admission) async throws {
    guard await turns(of: rollout).contains(turn) else {
      if turn == .approve, rollout.state == .proposed {
        throw Rejection.conflict("It was asked for more than an hour ago; give it up, and ask anew.")
      }
      throw Rejection.conflict("The rollout is \(rollout.stateName); there is nothing to \(turn.rawValue).")
    }
    guard turn == .approve else { return }
    guard admission.isPerson else { throw Rejection.notAllowed("A person has to approve it, and no program.") }
    if rollout.plan.by == signature(of: admission.visitor) {
      throw Rejection.notAllowed("A second person has to approve it: you have asked for it yourself.")
    }
  }

  private func began(_ rollout: Rollout) -> Int64? { try? store.begun(rollout.plan.id) }

  // MARK: - Preparing

  /// What hosts and journals write down of who it was: `jo@console.example`.
  func signature(of visitor: Visitor) -> String { "\(visitor.name)@\(control.by)" }

  /// The rollout as it would be now, with the hosts that answer now.
  private func planned(_ wish: RolloutWish, by visitor: Visitor) async throws -> Rollout {
    let person = signature(of: visitor)
    let fleet: Fleet
    do { fleet = try await control.acting(as: person).fleet(wish.place, hosts: wish.hosts, wait: wait) } catch {
      throw Rejection.away("The hosts could not be asked, and nothing was done: \(error)")
    }
    let missing = fleet.gathered.missing
    guard missing.isEmpty || wish.skipsOffline else {
      throw Rejection.conflict(
        "\(missing.joined(separator: ", ")) \(missing.count == 1 ? "does" : "do") not answer, and nothing was done; leave them out, or go on without those that are offline."
      )
    }
    guard !fleet.hosts.isEmpty else {
      throw Rejection.conflict("Nobody answers for \(wish.place), and nothing was done.")
    }
    let plan = RolloutPlan(id: control.newID(), act: wish.act, place: wish.place, by: person)
    return Rollout(
      plan, wish.policy, hosts: fleet.hosts.map { RolloutHost(fqdn: $0.server.fqdn, before: $0.running.version) },
      skipped: missing)
  }

  /// Puts into words what keeps a rollout from beginning, or from ending.
  private func started(_ begin: () async throws -> Void) async throws {
    do { try await begin() } catch let held as LockHeld {
      throw Rejection.conflict("\(held); nothing was begun.")
    } catch let away as BrokerAway {
      throw Rejection.away("\(away)".prefix(1).uppercased() + "\(away).".dropFirst())
    } catch let error as AMQPError {
      throw Rejection.away("The broker does not let it be done: \(error).")
    }
  }

  private static func notAllowed(_ visitor: Visitor, _ place: Place) -> Rejection {
    .notAllowed(
      "\(visitor.name) may not change \(place); an administrator grants it in WEB_PEOPLE, or with a token's scope.")
  }

  /// Does something to a rollout, whose id `body` gives, and writes down that it was done, or why not.
  private func audited(
    _ act: String, _ place: Place, _ id: String?, _ admission: Admission, _ body: () async throws -> String
  ) async throws -> String {
    var entry = ConsoleAudit.Entry(
      who: admission.visitor.name, client: admission.client, act: act, place: "\(place)", rollout: id)
    do {
      let done = try await body()
      entry.rollout = done
      audit.write(entry)
      return done
    } catch {
      (entry.isPermitted, entry.reason) = (false, "\(error)")
      audit.write(entry)
      throw error
    }
  }
}

extension Admission {
  /// A person types an environment's name, where that is wanted; a program has said it in its token's scope.
  var isPerson: Bool { way != .token }
}
