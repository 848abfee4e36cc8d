import BatonDeploy
import BatonDeployControl

/// How a rollout looks: the rollout itself, what its hosts wrote last, and which of it has changed since when.
struct Board: Sendable {
  /// Of a host's output the last lines are kept, and of a line the beginning.
  private static let lines = 20
  private static let columns = 500

  private(set) var rollout: Rollout
  /// What there is to say beside how the hosts are, for people.
  private(set) var note: String?
  private(set) var output: [String: [String]] = [:]
  /// Counts the changes, from 1.
  private(set) var revision = 1
  private var revisions: [String: Int] = [:]

  init(_ rollout: Rollout) { self.rollout = rollout }

  /// Something has happened.
  mutating func take(_ event: RolloutEvent) {
    rollout = event.rollout
    revision += 1
    switch event.what {
    case .connected:
      note = nil
      // It may have been gone on with: what is on disk is what counts.
      for host in rollout.hosts { revisions[host.fqdn] = revision }
    case .disconnected(let reason): note = "No connection, no host begins until it is there again: \(reason)"
    case .stopped(let by): note = "Stopped by \(by): no other host begins."
    case .turned: note = rollout.turnInWords ?? note
    case .told(let assignments): for assignment in assignments { revisions[assignment.host] = revision }
    case .progress(let assignment, let progress):
      touch(assignment)
      guard progress.state == .output else { return }
      let kept = (output[assignment.host] ?? []).suffix(Self.lines - 1)
      output[assignment.host] = kept + [String(progress.message.prefix(Self.columns))]
    case .unrouted(let assignment), .done(let assignment, _), .failed(let assignment, _), .lost(let assignment):
      touch(assignment)
    }
  }

  /// It cannot be gone on with here.
  mutating func fail(_ reason: String) {
    revision += 1
    note = reason
  }

  /// The hosts of which something is different since a revision; all of them since 0.
  func hosts(changedSince revision: Int) -> [RolloutHost] {
    revision == 0 ? rollout.hosts : rollout.hosts.filter { revisions[$0.fqdn] ?? 0 > revision }
  }

  private mutating func touch(_ assignment: Rollout.Assignment) { revisions[assignment.host] = revision }
}

extension Rollout {
  /// What its state means for the hosts that have not begun, if that needs a word.
  var turnInWords: String? {
    switch (state, direction) {
    case (.going, .back): "Those that have switched go back to what they ran before."
    case (.stopping(.failures), _): "Too many hosts have failed: no other host begins."
    case (.stopping(.operator), _): "It stops: no other host begins, and those under way end."
    case (.proposed, _), (.going, .forward), (.paused, _), (.ended, _): nil
    }
  }
}
