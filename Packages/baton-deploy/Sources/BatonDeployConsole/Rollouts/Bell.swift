/// Tells any number of listeners that something is different now; strokes that a listener has not heard yet are one.
///
/// Part of the actor whose state it speaks of.
struct Bell {
  private var listeners: [AsyncStream<Void>.Continuation] = []

  /// Ends when the listener leaves, or by ``fallSilent()``.
  mutating func listen() -> AsyncStream<Void> {
    let (strokes, listener) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    listeners.append(listener)
    return strokes
  }

  /// Those who have left are forgotten.
  mutating func ring() {
    listeners.removeAll { listener in
      if case .terminated = listener.yield() { true } else { false }
    }
  }

  /// There will be nothing more to hear.
  mutating func fallSilent() {
    for listener in listeners { listener.finish() }
    listeners = []
  }
}
