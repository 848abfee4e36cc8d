public import Baton

/// All the answers to a request, and who has not given one.
public struct Gathered<Reply: Message>: Sendable {
  /// In the order of the hosts' names.
  public private(set) var replies: [(server: Server, reply: Reply)] = []
  public private(set) var failures: [(server: Server, failure: Failure)] = []
  /// Named hosts whose answer has not come in time.
  public private(set) var silent: [String] = []
  /// Named hosts where nobody listens.
  public private(set) var notConnected: [String] = []
  /// Whether nobody at all listens under the key, where no host was named.
  public private(set) var isNobody = false

  public init() {}

  mutating func add(_ answer: Answer<Reply>) {
    let host = answer.sender.fqdn
    switch answer.outcome {
    case .reply(let reply):
      let index = replies.firstIndex { $0.server.fqdn > host } ?? replies.count
      replies.insert((answer.sender, reply), at: index)
    case .failed(let failure): failures.append((answer.sender, failure))
    case .silent: silent.append(host)
    case .notConnected where host.isEmpty: isNobody = true
    case .notConnected: notConnected.append(host)
    case .succeeded, .progress: break
    }
  }

  /// Named hosts that are missing.
  public var missing: [String] { (silent + notConnected).sorted() }

  /// Whether somebody listens there, and nobody has said anything.
  public var isSilence: Bool { !isNobody && replies.isEmpty && failures.isEmpty && missing.isEmpty }
}
