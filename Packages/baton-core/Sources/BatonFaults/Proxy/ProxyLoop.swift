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

    init(client: Int32, broker: Int32) {
      self.client = client
      self.broker = broker
    }
  }

  private let listener: Int32
  private let brokerPort: Int
  private let state: Locked<FaultProxy.State>
  private let wakeUp: WakeUp
  private var links: [Link] = []
  private var fault = FaultProxy.Fault.none
  /// What may pass in each direction just now, under a throttle.
  private var tokens: [FaultProxy.Direction: Double] = [:]
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
    if let due = writing.nextDue, due <= .now, !isThrottled { events |= Int16(POLLOUT) }
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
    let client = Glibc.accept(listener, nil, nil)
    guard client >= 0 else { return }
    var one: Int32 = 1
    setsockopt(client, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    let broker = fault == .blackHole ? -1 : try? Loopback.connect(to: brokerPort)
    guard let broker else { return Loopback.reset(client) }
    links.append(Link(client: client, broker: broker))
    state.withLock {
      $0.counts.connections += 1
      $0.counts.open += 1
    }
  }

  // MARK: - Passing on

  private func serve(_ link: Link, clientReady: Bool, brokerReady: Bool) {
    switch fault {
    case .halfOpen:
      return
    case .blackHole:
      if clientReady, !ProxyStream.swallow(from: link.client) { return end(link, .finish) }
      if brokerReady, !ProxyStream.swallow(from: link.broker) { return end(link, .finish) }
    default:
      guard link.broker >= 0 else {
        if clientReady, !ProxyStream.swallow(from: link.client) { end(link, .finish) }
        return
      }
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
      allowance = Int(tokens[direction, default: 0])
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
    count(written, direction)
    if case .throttle = fault { tokens[direction, default: 0] -= Double(written) }
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
      tokens = [:]
      return
    }
    let earned = Double(rate) * (lastRefill.duration(to: now) / .seconds(1))
    for direction in [FaultProxy.Direction.toBroker, .toClient] {
      // A pause saves up a fifth of a second, not more.
      tokens[direction] = min(max(Double(rate) / 5, 1), tokens[direction, default: 0] + earned)
    }
  }

  /// A cut counts down, unless another fault has been set meanwhile.
  private func setFault(_ next: FaultProxy.Fault) {
    state.withLock { if $0.fault == fault { $0.fault = next } }
    fault = next
  }

  private func count(_ bytes: Int, _ direction: FaultProxy.Direction) {
    guard bytes > 0 else { return }
    state.withLock {
      switch direction {
      case .toBroker: $0.counts.bytesToBroker += bytes
      case .toClient: $0.counts.bytesToClient += bytes
      }
    }
  }

  private func end(_ link: Link, _ how: FaultProxy.Cut) {
    links.removeAll { $0 === link }
    state.withLock { $0.counts.open -= 1 }
    for descriptor in [link.client, link.broker] where descriptor >= 0 {
      switch how {
      case .reset: Loopback.reset(descriptor)
      case .finish: close(descriptor)
      }
    }
  }
}
