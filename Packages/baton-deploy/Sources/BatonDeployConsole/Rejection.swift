/// Why something is not done, for whoever asked for it.
struct Rejection: Error, Hashable, CustomStringConvertible {
  /// Of HTTP.
  let status: Int
  /// What happened, why, and what to do next.
  let description: String
  /// What a program wants to know of it: `Retry-After`, `WWW-Authenticate`.
  var headers: [String: String] = [:]

  /// In a word or two.
  var title: String {
    switch status {
    case 401: "Log in first"
    case 403: "Not allowed"
    case 404: "Not found"
    case 405: "Not this method"
    case 409: "Not now"
    case 413: "Too much"
    case 422: "Not understood"
    case 429: "Too many attempts"
    case 503: "Not available"
    default: "Not done"
    }
  }

  static func notAllowed(_ words: String) -> Rejection { Rejection(status: 403, description: words) }
  static func unknown(_ words: String) -> Rejection { Rejection(status: 404, description: words) }
  /// It is not the time for it, or not the state.
  static func conflict(_ words: String) -> Rejection { Rejection(status: 409, description: words) }
  /// It cannot be understood.
  static func invalid(_ words: String) -> Rejection { Rejection(status: 422, description: words) }
  static func away(_ words: String) -> Rejection { Rejection(status: 503, description: words) }
}
