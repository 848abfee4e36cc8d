import Baton

/// Writes each notice to the monitor's own log.
struct AlertLogSink: Sink {
  let logger: Logger
  let batch = 100

  func tell(_ notices: [Notice]) async throws {
    for notice in notices {
      let level: Logger.Level = notice.kind == .resolved ? .info : notice.alert.severity == .info ? .warning : .error
      guard logger.log(level, "Alert", body: try JSONText.encode(AlertView(notice))) else { throw LogUnwritable() }
    }
  }

  func check() async throws {}
}
