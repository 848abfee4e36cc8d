import Baton

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
  /// What it answered, where there is more to it than its being there: the reply's members, or the words of a `success`.
  let reply: JSONValue?
  let milliseconds: Double

  /// Nil for progress.
  init?<Reply>(_ answer: Answer<Reply>) {
    server = answer.sender
    reply = Self.reply(of: answer.outcome)
    milliseconds = (answer.elapsed.milliseconds * 1000).rounded() / 1000
    switch answer.outcome {
    case .reply, .succeeded: (status, failure) = (.answered, nil)
    case .failed(let what): (status, failure) = (.failed, what)
    case .silent: (status, failure) = (.silent, nil)
    case .notConnected: (status, failure) = (.notConnected, nil)
    case .progress: return nil
    }
  }

  private static func reply<Reply>(of outcome: Answer<Reply>.Outcome) -> JSONValue? {
    switch outcome {
    case .reply(let reply):
      // A reply that was decoded can be encoded; one that cannot is shown as one without members.
      guard let body = try? JSONText.encode(reply), let value = try? JSONText.decode(JSONValue.self, from: body),
        value != .object([:])
      else { return nil }
      return value
    case .succeeded(let message): return .object(["message": .string(message)])
    default: return nil
    }
  }

  /// Whether the host itself had the last word.
  var isFinal: Bool { status == .answered || status == .failed }

  /// The cells of the table.
  var row: [String] {
    [
      server.fqdn.isEmpty ? "(nobody)" : server.fqdn, server.environment,
      status == .answered ? "ok" : status.rawValue, isFinal ? Self.time(milliseconds) : "–",
      failure.map { "\($0.errorClass): \($0.errorMessage)" } ?? reply?.inOneLine
        ?? server.appNames.joined(separator: " "),
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
    try container.encodeIfPresent(reply, forKey: .reply)
    try container.encode(status, forKey: .status)
    try container.encode(milliseconds, forKey: .milliseconds)
  }

  private enum CodingKeys: String, CodingKey {
    case reply
    case status = "outcome"
    case milliseconds = "elapsed_ms"
  }
}

extension JSONValue {
  /// An object as `name=value` words, its members sorted; anything else as JSON.
  fileprivate var inOneLine: String {
    guard case .object(let members) = self else { return string ?? text }
    return members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.string ?? $0.value.text)" }
      .joined(separator: " ")
  }

  private var text: String { (try? JSONText.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "" }
}
