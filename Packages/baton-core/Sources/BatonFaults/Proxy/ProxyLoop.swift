import AMQP
import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// The thread of a ``FaultProxy``: it alone touches the sockets.
final class ProxyLoop {
  private final class Link {
    let client: Int32
    /// -1 in a black hole.
    let broker: Int32
    var toBroker = ProxyStream()
    var toClient = ProxyStream()
    /// What may pass in each direction just now, under a throttle.
    var tokens: [FaultProxy.Direction: Double] = [:]
    /// Whether a black hole has taken something of it.
    var hasGap: Bool

    init(client: Int32, broker: Int32) {
      self.client = client
      self.broker = broker
      hasGap = broker < 0
    }
  }

  private let listener: Int32
  private let brokerPort: Int
  private let state: Locked<FaultProxy.State>
  private let wakeUp: WakeUp
  private var links: [Link] = []
  private var fault = FaultProxy.Fault.none
  private var lastRefill = ContinuousClock.now

  init(listener: Int32, brokerPort: Int, state: Locked<FaultProxy.State>, wakeUp: WakeUp) {
    self.listener = listener
    self.brokerPort = brokerPort
    self.state = state
    self.wakeUp = wakeUp
  }

  func run() {
    repeat { wait() } while !state.withLock(\.isClosed)
    for link in links { end(link, .finish) }
    close(listener)
  }

  /// What was asked for counts from the next byte that is read.
  private func takeOrders() {
    let cutNow = state.withLock { state in
      defer { state.cutNow = nil }
      fault = state.fault
      return state.cutNow
    }
    if let cutNow { for link in links { end(link, cutNow) } }
    if fault != .blackHole { for link in links where link.hasGap { end(link, .reset) } }
  }

  // MARK: - Waiting

  private func wait() {
    var pollers = [
      pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: fault == .halfOpen ? -1 : listener, events: Int16(POLLIN), revents: 0),
    ]
    for link in links {
      pollers.append(poller(link.client, reading: link.toBroker, writing: link.toClient))
      pollers.append(poller(link.broker, reading: link.toClient, writing: link.toBroker))
    }
    poll(&pollers, nfds_t(pollers.count), patience)
    let served = links
    takeOrders()
    refill()
    if pollers[0].revents != 0 { wakeUp.clear() }
    for (index, link) in served.enumerated() where links.contains(where: { $0 === link }) {
      serve(link, clientReady: pollers[2 + 2 * index].revents != 0, brokerReady: pollers[3 + 2 * index].revents != 0)
    }
    if pollers[1].revents != 0, fault != .halfOpen { accept() }
  }

  private func poller(_ descriptor: Int32, reading: ProxyStream, writing: ProxyStream) -> pollfd {
    var events: Int16 = 0
    if reading.hasRoom { events |= Int16(POLLIN) }
    if let due = writing.nextDue, due <= .now, !isThrottled, fault != .blackHole { events |= Int16(POLLOUT) }
    // One with no events would still be told of its end, again and again.
    let isIgnored = fault == .halfOpen || events == 0
    return pollfd(fd: isIgnored ? -1 : descriptor, events: events, revents: 0)
  }

  private var isThrottled: Bool { if case .throttle = fault { true } else { false } }

  /// Milliseconds; -1: until something happens.
  private var patience: Int32 {
    let dues = links.flatMap { [$0.toBroker.nextDue, $0.toClient.nextDue] }.compactMap { $0 }
    guard fault != .halfOpen, let first = dues.min() else { return -1 }
    if isThrottled { return 20 }
    let left = ContinuousClock.now.duration(to: first)
    // What is due already waits for its socket.
    return left > .zero ? Int32(left / .milliseconds(1)) + 1 : -1
  }

  private func accept() {
    guard let client = Loopback.accept(listener) else { return }
    let broker = fault == .blackHole ? -1 : try? Loopback.connect(to: brokerPort)
    guard let broker else { return Loopback.reset(client) }
    links.append(Link(client: client, broker: broker))
    count {
      $0.connections += 1
      $0.open += 1
    }
  }

  // MARK: - Passing on

  private func serve(_ link: Link, clientReady: Bool, brokerReady: Bool) {
    switch fault {
    case .halfOpen:
      return
    case .blackHole:
      for (descriptor, isReady) in [(link.client, clientReady), (link.broker, brokerReady)] where isReady {
        guard let swallowed = ProxyStream.swallow(from: descriptor) else { return end(link, .finish) }
        if swallowed > 0 { link.hasGap = true }
        count { $0.bytesSwallowed += swallowed }
      }
    default:
      let delay = if case .delay(let delay) = fault { delay } else { Duration.zero }
      if clientReady, link.toBroker.hasRoom, !link.toBroker.read(from: link.client, delay: delay) {
        return end(link, .reset)
      }
      if brokerReady, link.toClient.hasRoom, !link.toClient.read(from: link.broker, delay: delay) {
        return end(link, .reset)
      }
      guard pass(link, .toBroker), pass(link, .toClient) else { return }
      if link.toBroker.isFinished, link.toClient.isFinished { end(link, .finish) }
    }
  }

  /// Passes on what may pass; false if the connection is no more.
  private func pass(_ link: Link, _ direction: FaultProxy.Direction) -> Bool {
    var allowance = Int.max
    var cut: FaultProxy.Cut?
    switch fault {
    case .throttle:
      allowance = Int(link.tokens[direction, default: 0])
    case .cut(let how, let after, let cutDirection) where cutDirection == direction:
      allowance = after
      cut = how
    default:
      break
    }
    let hasMore = direction == .toBroker ? link.toBroker.nextDue != nil : link.toClient.nextDue != nil
    let written =
      switch direction {
      case .toBroker: link.toBroker.write(to: link.broker, atMost: allowance)
      case .toClient: link.toClient.write(to: link.client, atMost: allowance)
      }
    guard let written else {
      end(link, .reset)
      return false
    }
    if written > 0 {
      count {
        switch direction {
        case .toBroker: $0.bytesToBroker += written
        case .toClient: $0.bytesToClient += written
        }
      }
    }
    if case .throttle = fault { link.tokens[direction, default: 0] -= Double(written) }
    guard let cut, hasMore else { return true }
    if written == allowance {
      setFault(.none)
      end(link, cut)
      return false
    }
    setFault(.cut(cut, after: allowance - written, direction))
    return true
  }

  private func refill() {
    let now = ContinuousClock.now
    defer { lastRefill = now }
    guard case .throttle(let rate) = fault else {
      for link in links { link.tokens = [:] }
      return
    }
    let earned = Double(rate) * (lastRefill.duration(to: now) / .seconds(1))
    for link in links {
      for direction in [FaultProxy.Direction.toBroker, .toClient] {
        // A pause saves up a fifth of a second, not more.
        link.tokens[direction] = min(max(Double(rate) / 5, 1), link.tokens[direction, default: 0] + earned)
      }
    }
  }

  /// A cut counts down, unless another fault has been set meanwhile.
  private func setFault(_ next: FaultProxy.Fault) {
    state.withLock { if $0.fault == fault { $0.fault = next } }
    fault = next
  }

  private func count(_ change: (inout FaultProxy.Counts) -> Void) { state.withLock { $0.count(change) } }

  private func end(_ link: Link, _ how: FaultProxy.Cut) {
    links.removeAll { $0 === link }
    count { $0.open -= 1 }
    for descriptor in [link.client, link.broker] where descriptor >= 0 {
      switch how {
      case .reset: Loopback.reset(descriptor)
      case .finish: close(descriptor)
      }
    }
  }
}
