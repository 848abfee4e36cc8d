/// Wakes one who waits for work; a ring while nobody waits is kept.
actor Doorbell {
  private var hasRung = false
  private var waiting: CheckedContinuation<Void, Never>?

  func ring() {
    hasRung = true
    waiting?.resume()
    waiting = nil
  }

  /// Returns at the next ring, after the time, or when the task is cancelled.
  func wait(atMost time: Duration) async {
    // Ended by its own return, or by the cancellation below.
    let timer = Task {
      try await Task.sleep(for: time)
      ring()
    }
    await withTaskCancellationHandler {
      if !hasRung { await withCheckedContinuation { waiting = $0 } }
    } onCancel: {
      // Ends at once.
      Task { await ring() }
    }
    hasRung = false
    timer.cancel()
  }
}
