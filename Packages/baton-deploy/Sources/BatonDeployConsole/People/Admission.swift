public import BatonHTTPServer

/// Somebody who has been let in.
public struct Admission: Sendable, Hashable {
  /// How it is known who it is.
  public enum Way: Sendable, Hashable {
    case session, basic, proxy, token
  }

  public let visitor: Visitor
  public let way: Way
  /// Where he comes from, for the audit.
  public let client: String
  /// What a form has to bring back in its field `csrf`, or a request in its header `X-CSRF-Token`; nil where nothing has to: a token is
  /// sent by no browser of its own accord.
  public let formToken: String?
}

/// Somebody who has not been let in, and why.
public struct Refusal: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Nothing says who it is: 401. A person is to be shown the page to log in with.
    case nobody
    /// What he says is not true, or not any more: 401.
    case wrong
    /// It is known who it is, but there is nothing here for him: 403.
    case stranger
    /// Another site may have sent it: 403.
    case forged
    /// He has tried too often: 429.
    case tooOften
    /// Too many others try, or something does not work: 503.
    case unavailable
  }

  public let kind: Kind
  /// In words for people.
  public let reason: String
  /// Those that an answer has to have: `WWW-Authenticate`, `Retry-After`.
  public var headers: [String: String] = [:]
  /// The browser was sent here by another site, and has kept back the cookie for that: a page that loads itself again finds it.
  public var isSentFromElsewhere = false

  public var status: Int {
    switch kind {
    case .nobody, .wrong: 401
    case .stranger, .forged: 403
    case .tooOften: 429
    case .unavailable: 503
    }
  }

  /// As it is where nobody makes a page or a document of it.
  public var response: HTTPResponse {
    var response = HTTPResponse(status: status, "\(reason)\n")
    response.headers.merge(headers) { _, own in own }
    response.headers["Cache-Control"] = "no-store"
    return response
  }

  static func tooOften(_ milliseconds: Int64) -> Refusal {
    let seconds = max(1, (milliseconds + 999) / 1000)
    return Refusal(
      kind: .tooOften, reason: "too many tries that were wrong; try again in \(seconds) s",
      headers: ["Retry-After": "\(seconds)"])
  }

  static let busy = Refusal(
    kind: .unavailable, reason: "too many log in at this moment; try again", headers: ["Retry-After": "2"])
}
