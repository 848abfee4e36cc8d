import AMQP

/// Replaces a service while its agent runs: after a change of its configuration it may listen to other keys.
public final class Renewal: Sendable {
  private let state: Locked<(service: any Service, next: StopSignal)>

  public init(_ service: any Service) { state = Locked((service, StopSignal())) }

  /// From now on this is the service: the agent takes no more requests for the old one, and binds anew.
  ///
  /// Handlers at work go on, and so does what the consumers' ``Consumer/begin(with:)`` has begun.
  public func renew(_ service: any Service) {
    let outdated = state.withLock { state in
      defer { state = (service, StopSignal()) }
      return state.next
    }
    outdated.request()
  }

  /// The service, and the sign that there is another.
  var current: (service: any Service, next: StopSignal) { state.withLock { $0 } }
}
