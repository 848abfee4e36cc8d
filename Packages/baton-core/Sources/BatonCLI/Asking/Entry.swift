import Baton
import BatonPing

/// One line of the report: a host and what became of the question there.
struct Entry: Encodable {
  enum Status: String, Encodable {
    case answered = "reply"
    case failed
    case silent
    case notConnected = "not connected"
  }

  let server: Server
  let status: Status
  let failure: Failure?
  let milliseconds: Double

  /// Nil for progress, which a ping has none of.
  init?(_ answer: Answer<Pong>) {
    server = answer.sender
    milliseconds = (answer.elapsed.milliseconds * 1000).rounded() / 1000
    switch answer.outcome {
    case .reply, .succeeded: (status, failure) = (.answered, nil)
    case .failed(let what): (status, failure) = (.failed, what)
    case .silent: (status, failure) = (.silent, nil)
    case .notConnected: (status, failure) = (.notConnected, nil)
    case .progress: return nil
    }
  }

  /// Whether the host itself had the last word.
  var isFinal: Bool { status == .answered || status == .failed }

  /// The cells of the table.
  var row: [String] {
    [
      server.fqdn.isEmpty ? "(nobody)" : server.fqdn, server.environment,
      status == .answered ? "ok" : status.rawValue, isFinal ? Self.time(milliseconds) : "–",
      failure.map { "\($0.errorClass): \($0.errorMessage)" } ?? server.appNames.joined(separator: " "),
    ]
  }

  /// `3.2 ms`
  static func time(_ milliseconds: Double) -> String {
    let tenths = Int((milliseconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) ms"
  }

  func encode(to encoder: any Encoder) throws {
    try server.encode(to: encoder)
    try failure?.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(status, forKey: .status)
    try container.encode(milliseconds, forKey: .milliseconds)
  }

  private enum CodingKeys: String, CodingKey {
    case status = "outcome"
    case milliseconds = "elapsed_ms"
  }
}
