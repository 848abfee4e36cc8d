import AMQP

extension Program {
  /// Runs it to its end, and hands on its output line by line, as it comes.
  ///
  /// When the task is cancelled, or the time is over, the whole process group is asked to end, then made to; this returns when that is
  /// done, and says whether it was. What the program leaves running when it ends by itself is left alone.
  ///
  /// Throws ``ProgramError`` if it cannot be started.
  public func run(_ receive: @escaping @Sendable (String) async -> Void = { _ in }) async throws -> Ending {
    let watch = try Watch(self)
    let (events, continuation) = AsyncStream.makeStream(of: Watch.Event.self)
    try Thread.start {
      watch.run { continuation.yield($0) }
      continuation.finish()
    }
    // Not part of the caller's task: a cancelled one would hear nothing more of a stream. It ends when the thread has.
    let listening = Task { () -> Ending? in
      var ending: Ending?
      for await event in events {
        switch event {
        case .line(let line): await receive(line)
        case .ended(let how): ending = how
        }
      }
      return ending
    }
    let ending = await withTaskCancellationHandler {
      await listening.value
    } onCancel: {
      watch.cancel()
    }
    guard let ending else { throw ProgramError(program: words.first ?? "", reason: "its end was not seen") }
    return ending
  }
}
