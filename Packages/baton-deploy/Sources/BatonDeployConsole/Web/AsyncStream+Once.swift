extension AsyncStream<Void> {
  /// One stroke, for what does not change any more.
  static var once: AsyncStream<Void> {
    AsyncStream { stroke in
      stroke.yield()
      stroke.finish()
    }
  }
}
