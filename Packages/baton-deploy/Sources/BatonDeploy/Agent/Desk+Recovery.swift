import Baton

/// What the desk does when the agent starts.
extension Desk {
  /// Says again what may not have been heard, and puts in order what was interrupted; returns when that is done.
  func begin(with voice: Voice) async {
    do {
      for record in try journal.unreported() {
        await record.sayResult(with: voice, answering: record.origin, on: server)
      }
      for record in try journal.unfinished() { try await takeUp(record, with: voice) }
    } catch {
      logger.error("Cannot take up what was left", ["error": "\(error)"])
    }
    let tasks = jobs.values.map(\.task)
    await withTaskCancellationHandler {
      for task in tasks { await task.value }
    } onCancel: {
      for task in tasks { task.cancel() }
    }
  }

  private func takeUp(_ record: ActRecord, with voice: Voice) async throws {
    guard let app = apps[record.app] else { return try await giveUp(record, with: voice) }
    // One that was killed may take a moment to let go of its lock.
    for attempt in 1...100 {
      do {
        launch(.recover, app, record, try lock(app), with: voice)
        return
      } catch let error as NotDeployed where attempt < 100 {
        if attempt == 1 {
          logger.warning("An act waits to be taken up", ["app": app.name, "reason": error.errorMessage])
        }
        try await surroundings.clock.sleep(for: .milliseconds(200))
      } catch {
        // Nobody can do anything about the application until the agent is started again.
        return logger.error("Cannot take up an act", ["app": app.name, "id": record.act.id, "error": "\(error)"])
      }
    }
  }

  /// The application is not configured any more: nobody knows how to put it in order.
  private func giveUp(_ record: ActRecord, with voice: Voice) async throws {
    var record = record
    var result = NotDeployed(
      .interrupted, "the agent was ended, and the application is not in its configuration any more")
    (result.id, result.app, result.version, result.step) = (
      record.act.id, record.app, record.act.version, record.act.step
    )
    record.result = try JSONText.encode(result)
    record.act.outcome = .error
    _ = try journal.end(
      record.app, record.act.id, .error, result: record.result ?? [], resultID: record.resultID(on: server),
      at: Surroundings.now)
    await record.sayResult(with: voice, answering: record.origin, on: server)
  }
}
