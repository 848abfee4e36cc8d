import Baton

/// When something that comes and goes counts as one long trouble.
package struct Damping: Sendable, Hashable {
  /// So many changes…
  package var changes = 6
  /// …in such a time make it flapping,
  package var window: Duration = .seconds(600)
  /// until it has not changed for so long.
  package var calm: Duration = .seconds(300)
}

/// Notices what comes and goes, by the times at which it did.
package struct FlapDamper: Sendable, Hashable, Codable {
  private(set) var changes: [Moment] = []
  private(set) var isFlapping = false

  /// It has come, or gone.
  mutating func changed(at now: Moment, _ damping: Damping) {
    changes.removeAll { $0 <= now - damping.window }
    changes.append(now)
    // More than decide the matter are not kept.
    changes.removeFirst(max(0, changes.count - damping.changes))
    if changes.count >= damping.changes { isFlapping = true }
  }

  /// Whether it is still restless, now.
  mutating func isRestless(at now: Moment, _ damping: Damping) -> Bool {
    if isFlapping, let last = changes.last, now >= last + damping.calm {
      isFlapping = false
      changes = []
    }
    return isFlapping
  }
}
