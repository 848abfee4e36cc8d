/// Somebody who is to be told of alerts.
///
/// It keeps nothing and repeats nothing: what it does not take stays in the queue on disk, and comes again.
package protocol Sink: Sendable {
  /// The most notices that it takes at once, each of another alert.
  var batch: Int { get }

  /// Tells them, in order. Throws ``SinkFailure`` unless all of them are told.
  func tell(_ notices: [Notice]) async throws

  /// Looks whether it could tell, without telling anything, as far as that can be seen.
  func check() async throws
}

/// Why a sink did not take notices.
package struct SinkFailure: Error, Hashable, CustomStringConvertible {
  package let description: String
  /// How long it wants to be left alone.
  package let retryAfter: Duration?
  /// It is there, and does not want just these: others may go on.
  package let isRefusal: Bool

  package init(_ description: String, retryAfter: Duration? = nil, isRefusal: Bool = false) {
    self.description = description
    self.retryAfter = retryAfter
    self.isRefusal = isRefusal
  }
}
