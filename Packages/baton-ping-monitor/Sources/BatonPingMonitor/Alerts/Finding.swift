/// Something that is wrong at this moment, as a rule or the roster found it.
package struct Finding: Sendable, Hashable {
  package var subject: Alert.Subject
  package var severity: Severity
  package var summary: String
  /// How often within how long it must be found before it is told.
  package var threshold = Threshold()
  /// How long after it was last found it counts as over; nil: until somebody says so.
  package var lasts: Duration?
  package var damping = Damping()
}

/// How often something must happen within how long.
package struct Threshold: Sendable, Hashable {
  package var count = 1
  package var window: Duration = .seconds(300)
}
