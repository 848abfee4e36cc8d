/// Decides what each sink has to be told, by comparing what an alert is now with what the sink holds it for.
///
/// Nothing depends on the moment at which something changed: a sink that is new, a silence that ends, a severity that rose while nobody
/// looked come out right all the same.
struct Dispatcher: Sendable {
  let sinks: [(name: String, filter: SinkFilter)]

  /// The notices that bring the sinks up to date with an alert; what they will hold it for is written down in it.
  ///
  /// - Parameter silence: what keeps it from being told, if anything does.
  func notices(for alert: inout Alert, silence: String?, at now: Moment) -> [Delivery] {
    alert.silence = silence
    var deliveries: [Delivery] = []
    for (name, filter) in sinks {
      let held = alert.told[name]
      guard let kind = kind(alert, held: held, isAdmitted: filter.admits(alert)) else { continue }
      let isOver = kind == .resolved
      alert.told[name] = isOver ? nil : alert.severity
      deliveries.append(Delivery(sink: name, notice: Notice(kind: kind, alert: alert, previous: held, at: now)))
    }
    // A sink that is configured no more is told nothing more.
    if alert.state == .resolved { alert.told = [:] }
    return deliveries
  }

  private func kind(_ alert: Alert, held: Severity?, isAdmitted: Bool) -> Notice.Kind? {
    switch (alert.state, held) {
    case (.pending, _), (.resolved, nil): return nil
    // Who was told that it is wrong is told that it is over, silence or not.
    case (.resolved, .some): return .resolved
    case (.firing, _) where alert.silence != nil: return nil
    case (.firing, nil): return isAdmitted ? .firing : nil
    case (.firing, .some(let held)):
      guard isAdmitted else { return .resolved }
      return held == alert.severity ? nil : .changed
    }
  }
}
