/// What has to be on disk before the messages that caused it may be acknowledged.
struct Changes: Sendable {
  var hosts: [Host] = []
  var forgottenHosts: [Host.ID] = []
  var alerts: [Alert] = []
  var forgottenAlerts: [String] = []
  var silences: [Silence] = []
  /// All that run, if any began or ended.
  var deploys: [Deploys.Deploy]?
  var messages: [LastMessages.Key: LastMessages.Entry] = [:]
  var minutes: [RoundTrips.Minute]?
  var deliveries: [Delivery] = []

  var isEmpty: Bool {
    hosts.isEmpty && forgottenHosts.isEmpty && alerts.isEmpty && forgottenAlerts.isEmpty && silences.isEmpty
      && deploys == nil && messages.isEmpty && minutes == nil && deliveries.isEmpty
  }
}
