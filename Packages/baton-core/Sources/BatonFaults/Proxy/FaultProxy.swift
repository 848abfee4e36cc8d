import AMQP

/// A TCP proxy on loopback that does to a connection what networks do: it is slow, it loses it, it swallows everything.
///
/// ```swift
/// let proxy = try FaultProxy(to: brokerPort)
/// proxy.fault = .cut(.reset, after: 100, .toBroker)
/// ```
/// A fault concerns the connections that are there as well as those to come, until another one is set.
public final class FaultProxy: Sendable {
  public enum Fault: Sendable, Hashable {
    case none
    /// Every byte arrives so much later, in both directions.
    case delay(Duration)
    /// In each direction of each connection.
    case throttle(bytesPerSecond: Int)
    /// Once so many more bytes have passed in this direction, that connection ends, and the fault is over. After none: when the next
    /// byte wants to pass.
    case cut(Cut, after: Int, Direction)
    /// Reads everything and passes nothing on; new connections are taken, and nobody ever answers on them. When it is over those that
    /// it has swallowed something of are reset, since TCP knows no gaps.
    case blackHole
    /// Reads nothing more and passes nothing on; all sockets stay open.
    case halfOpen
  }

  /// How a connection ends.
  public enum Cut: Sendable, Hashable {
    /// With an RST, as when a firewall has forgotten it.
    case reset
    /// With a FIN, as when the process at the other end has ended.
    case finish
  }

  public enum Direction: Sendable, Hashable {
    case toBroker
    case toClient
  }

  /// What has gone through.
  public struct Counts: Sendable, Hashable {
    /// All that were ever accepted.
    public var connections = 0
    public var open = 0
    public var bytesToBroker = 0
    public var bytesToClient = 0
    /// What a black hole took.
    public var bytesSwallowed = 0
  }

  struct State {
    var fault = Fault.none
    var counts = Counts()
    var cutNow: Cut?
    var isClosed = false
    /// Who waits for counts that are so.
    var waiting: [(isSo: @Sendable (Counts) -> Bool, promise: Promise<Counts>)] = []

    mutating func count(_ change: (inout Counts) -> Void) {
      change(&counts)
      for (isSo, promise) in waiting where isSo(counts) { promise.succeed(counts) }
      waiting.removeAll { $0.isSo(counts) }
    }
  }

  /// Where clients connect to, on 127.0.0.1.
  public let port: Int
  private let state = Locked(State())
  private let wakeUp: WakeUp
  private let ended = Promise<Void>()

  /// - Parameter receiveBuffer: bytes that the kernel takes from a peer whose bytes are not passed on; its own choice if nil.
  public init(to brokerPort: Int, receiveBuffer: Int? = nil) throws {
    let (listener, port) = try Loopback.listen(receiveBuffer: receiveBuffer.map { Int32($0) })
    self.port = port
    wakeUp = try WakeUp()
    // The thread ends when `close` or `deinit` says so; it owns all sockets and closes them.
    try Thread.start { [state, wakeUp, ended] in
      ProxyLoop(listener: listener, brokerPort: brokerPort, state: state, wakeUp: wakeUp).run()
      ended.succeed(())
    }
  }

  deinit { end() }

  public var fault: Fault {
    get { state.withLock(\.fault) }
    set {
      state.withLock { $0.fault = newValue }
      wakeUp.signal()
    }
  }

  public var counts: Counts { state.withLock(\.counts) }

  /// Waits until the counts are so, and gives them.
  public func counts(where isSo: @escaping @Sendable (Counts) -> Bool) async throws -> Counts {
    let promise = Promise<Counts>()
    state.withLock { state in
      state.waiting.append((isSo, promise))
      state.count { _ in }
    }
    return try await promise.value
  }

  /// Ends all connections of the moment; new ones are welcome.
  public func cut(_ how: Cut) {
    state.withLock { $0.cutNow = how }
    wakeUp.signal()
  }

  /// Closes every socket, and waits until that is done. To be called once.
  public func close() async throws {
    end()
    try await ended.value
  }

  private func end() {
    state.withLock { $0.isClosed = true }
    wakeUp.signal()
  }
}
