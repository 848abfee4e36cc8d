/// What a sink is told of an alert: that it began, became better or worse, or is over.
package struct Notice: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Codable {
    case firing, changed, resolved
  }

  package let kind: Kind
  /// As it was at that moment.
  package let alert: Alert
  /// What the sink held it for until now.
  package let previous: Severity?
  package let at: Moment
}

/// A notice on its way to a sink.
package struct Delivery: Sendable, Hashable {
  package let sink: String
  package let notice: Notice
}
