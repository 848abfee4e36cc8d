import Baton

extension Desk {
  /// Whether a request may change something: whoever asked, whatever for, and what was said to him stands in the log and in the audit.
  ///
  /// Gives by whom it is, for people: as he says himself, and, where it is known, with whose key.
  func checkChange(_ app: App, _ order: Order, _ context: Context) throws -> String? {
    _ = context.logger.log(.info, "Asked", body: context.request.body)
    let now = Surroundings.now
    let by = order.by.map(Self.shown)
    do {
      let key = try policy.checkChange(context.request, of: app.name, in: server.environment, now: now) { signature in
        try journal.isFirst(signature, at: now)
      }
      audit(context.request, app, order, at: now, key: key, refusal: nil)
      return key.map { key in by.map { "\($0) (key \(key))" } ?? "key \(key)" } ?? by
    } catch {
      audit(context.request, app, order, at: now, key: nil, refusal: "\(error)")
      throw error
    }
  }

  private func audit(_ request: AnyMessage, _ app: App, _ order: Order, at now: Int64, key: String?, refusal: String?) {
    let version = (try? request.json())?["version"]?.string
    let entry = AuditLog.Entry(
      time: Timestamp.text(milliseconds: now), fqdn: server.fqdn, environment: server.environment,
      command: request.type, app: app.name, id: order.id.map(Self.shown), version: version.map(Self.shown),
      messageID: request.messageID.map(Self.shown), by: order.by.map(Self.shown), key: key,
      isPermitted: refusal == nil, reason: refusal)
    do { try auditLog.write(entry) } catch {
      // Whoever has to mend a full disk must be able to do it.
      logger.error("Cannot write the audit", ["error": "\(error)", "command": request.type, "app": app.name])
    }
  }
}
