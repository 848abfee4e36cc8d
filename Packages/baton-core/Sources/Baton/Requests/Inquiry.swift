import AMQP

/// The bookkeeping of one request: who was asked, who has answered, who never will.
///
/// It does nothing by itself: what happens is told to it, and it says what that means to the requester.
struct Inquiry<R: Request>: Sendable {
  let targets: [Target]
  let count: Int?
  /// Take answers without a correlation_id, which the gem's hosts give.
  let legacy: Bool
  let correlationID: String

  /// The named hosts whose fate is not known yet, each with the keys under which it may still be.
  private var open: [String: Set<String>]
  /// Targets whose publishing the broker has not confirmed yet.
  private var unconfirmed: Set<Target>
  /// Targets that some queue took.
  private var routed = 0
  /// Who has given a final answer: environment and host.
  private var answered: Set<[String]> = []

  init(targets: [Target], count: Int?, legacy: Bool, correlationID: String) {
    self.targets = targets
    self.count = count
    self.legacy = legacy
    self.correlationID = correlationID
    unconfirmed = Set(targets)
    open = Dictionary(grouping: targets.filter { $0.host != nil }) { $0.host ?? "" }
      .mapValues { Set($0.map(\.key)) }
  }

  /// Whether nothing more can come that matters.
  var isComplete: Bool {
    guard unconfirmed.isEmpty else { return false }
    if routed == 0 { return true }
    if let count, answered.count >= count { return true }
    return open.isEmpty && targets.allSatisfy { $0.host != nil }
  }

  var isConfirmed: Bool { unconfirmed.isEmpty }

  /// The broker says what became of the request to a target. Gives the fate of those who are not there.
  mutating func confirmed(_ target: Target, _ confirmation: Confirm) -> [Server] {
    guard unconfirmed.remove(target) != nil else { return [] }
    guard case .returned = confirmation else {
      routed += 1
      return []
    }
    guard let host = target.host else { return [Server(environment: target.key, fqdn: "", appNames: [])] }
    open[host]?.remove(target.key)
    guard open[host]?.isEmpty == true else { return [] }
    open[host] = nil
    return [Server(environment: target.key, fqdn: host, appNames: [])]
  }

  /// The gem's hosts bind no key of their own: hosts that were returned are asked again under the keys of all. Gives those keys.
  mutating func askAgain(_ returned: [Target]) -> [Target] {
    let keys = Set(returned.map(\.key))
    for target in returned {
      if let host = target.host { open[host, default: []].insert(target.key) }
    }
    let again = keys.sorted().map { Target($0) }
    unconfirmed.formUnion(again)
    return again
  }

  /// A message on the requester's queue. Gives what it means, or nil if it is not for this request.
  mutating func received(_ message: AnyMessage) -> Answer<R.Reply>.Outcome? {
    guard concerns(message), let outcome = outcome(of: message) else { return nil }
    if case .progress = outcome { return outcome }
    guard answered.insert([message.sender.environment, message.sender.fqdn]).inserted else { return nil }
    open[message.sender.fqdn] = nil
    return outcome
  }

  /// The wait is over. Gives the named hosts that nothing was heard of.
  func silent() -> [Server] {
    open.sorted { $0.key < $1.key }.map { host, keys in
      Server(environment: keys.sorted().first ?? "", fqdn: host, appNames: [])
    }
  }

  private func concerns(_ message: AnyMessage) -> Bool {
    if let correlationID = message.properties.correlationID {
      // Hosts that bind their own keys hear a question that is asked again under the key of all, though they are not named in it.
      return correlationID == self.correlationID && (!legacy || targets.contains { isFor(message.sender, $0) })
    }
    guard legacy, message.type == R.Reply.type || message.type == Failure.type else { return false }
    let environment = message.sender.environment.lowercased()
    return targets.contains { target in
      (target.key == environment || target.key.hasSuffix(".\(environment)")) && isFor(message.sender, target)
    }
  }

  private func isFor(_ server: Server, _ target: Target) -> Bool { target.host == nil || target.host == server.fqdn }

  private func outcome(of message: AnyMessage) -> Answer<R.Reply>.Outcome? {
    do {
      switch message.type {
      case R.Reply.type: return .reply(try message.decode(R.Reply.self))
      case Failure.type: return .failed(try message.decode(Failure.self))
      case Success.type: return .succeeded(try message.decode(Success.self).message)
      default: return .progress(message)
      }
    } catch {
      return .failed(Failure("Unreadable", "its answer of type '\(message.type)': \(error.reason)"))
    }
  }
}
