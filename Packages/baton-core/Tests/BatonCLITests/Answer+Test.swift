@testable import Baton

/// A reply that may say no more than "here".
struct Pong: Message {
  static let type = "pong"
  var text: String?
  var sizes: [Int]?
}

extension Answer<Pong> {
  /// What a host says, after so many milliseconds.
  init(_ fqdn: String, _ outcome: Outcome, _ milliseconds: Int = 1, in environment: String = "production") {
    self.init(
      sender: Server(environment: environment, fqdn: fqdn, appNames: ["shop", "blog"]), outcome: outcome,
      elapsed: .milliseconds(milliseconds))
  }
}
