extension History {
  /// What a process may have more, or less, of at the end: descriptors, and threads.
  static let tolerance = 2
  /// What a process may have grown by, in KiB: its buffers have met their largest message by then.
  static let growth = 16 * 1024

  /// Invariant 5: every queue is empty at the end, and no process has gathered descriptors, threads or memory.
  public func resources() -> Finding {
    var finding = Finding()
    finding.violate("queue not empty", by: queues.filter { $0.value > 0 }.map { "\($0.key) holds \($0.value)" })
    if queues.isEmpty { finding.violations.append("nobody looked at the queues") }
    var descriptors = 0
    var threads = 0
    var memory = 0
    var compared = 0
    for entries in processes.values {
      guard let before = entries.first, let after = entries.last, entries.count > 1 else { continue }
      compared += 1
      let name = "\(before.name ?? "") (pid \(before.pid ?? 0))"
      let more = (
        descriptors: (after.descriptors ?? 0) - (before.descriptors ?? 0),
        threads: (after.threads ?? 0) - (before.threads ?? 0), memory: (after.memory ?? 0) - (before.memory ?? 0)
      )
      if abs(more.descriptors) > Self.tolerance {
        finding.violations.append(
          "\(name) had \(before.descriptors ?? 0) descriptors and has \(after.descriptors ?? 0)")
      }
      if abs(more.threads) > Self.tolerance {
        finding.violations.append("\(name) had \(before.threads ?? 0) threads and has \(after.threads ?? 0)")
      }
      if more.memory > Self.growth {
        finding.violations.append("\(name) grew by \(more.memory) KiB, to \(after.memory ?? 0)")
      }
      (descriptors, threads, memory) = (
        max(descriptors, more.descriptors), max(threads, more.threads), max(memory, more.memory)
      )
    }
    if compared == 0 { finding.violations.append("no process was measured before and after") }
    finding.measures.append(
      "\(compared) processes before and after: at most \(descriptors) descriptors, \(threads) threads, \(memory) KiB more"
    )
    return finding
  }
}
