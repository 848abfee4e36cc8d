import AMQP
import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// The broker's end of one connection, for a script of ``FakeBroker``: reads and writes block.
public final class FakeConnection: Sendable {
  /// What the client said to the tuning.
  public struct Tuning: Sendable, Hashable {
    public var frameMax: UInt32
    public var heartbeat: UInt16
  }

  /// 1 for the first connection of the broker.
  public let number: Int
  private let descriptor: Int32
  private let isReset = Locked(false)

  init(descriptor: Int32, number: Int) {
    self.descriptor = descriptor
    self.number = number
  }

  // MARK: - Bytes and frames

  public func send(_ frames: Frame...) throws { try send(bytes: frames.flatMap(\.bytes)) }

  public func send(bytes: some Sequence<UInt8>) throws {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw SocketError(while: "send to the client") }
      rest = rest.dropFirst(count)
    }
  }

  /// Exactly so many bytes.
  func receive(count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var have = 0
    while have < count {
      let got = bytes[have...].withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      guard got > 0 else { throw SocketError(while: "read from the client") }
      have += got
    }
    return bytes
  }

  /// The next frame of the client that is no heartbeat; each of those is answered with one.
  public func receive() throws -> Frame {
    while true {
      let frame = try receiveAny()
      guard frame.kind == .heartbeat else { return frame }
      try send(.heartbeat)
    }
  }

  /// The next frame of the client, be it a heartbeat.
  public func receiveAny() throws -> Frame {
    var head = WireReader(try receive(count: Frame.headerSize))
    let kind = try head.octet()
    let channel = try head.short()
    let payload = try receive(count: Int(try head.long()))
    guard let kind = Frame.Kind(rawValue: kind), try receive(count: 1) == [Frame.end] else {
      throw FakeBroker.Surprise("the client sent what is no frame")
    }
    return Frame(kind, channel: channel, payload: payload)
  }

  /// The next frame, which must be this method.
  @discardableResult
  public func expect(_ id: MethodID) throws -> Frame {
    let frame = try receive()
    guard frame.methodID == id else {
      throw FakeBroker.Surprise(
        "\(id) was awaited; the client sent \(frame.methodID.map { "\($0)" } ?? "\(frame.kind)")")
    }
    return frame
  }

  // MARK: - How it ends

  /// Takes all that the client sends, and says nothing, until it has hung up.
  public func silence() throws {
    while true { _ = try receive(count: 1) }
  }

  /// Reads nothing and says nothing for a while; less long if the broker is closed.
  public func pause(milliseconds: Int32) {
    var poller = pollfd(fd: descriptor, events: 0, revents: 0)
    poll(&poller, 1, milliseconds)
  }

  /// Ends with an RST.
  public func reset() { isReset.withLock { $0 = true } }

  func end() {
    if isReset.withLock({ $0 }) { Loopback.reset(descriptor) } else { close(descriptor) }
  }
}
