import CSystem

#if canImport(Glibc)
  import Glibc
#endif

/// A connection to a RabbitMQ broker (AMQP 0-9-1), with its own thread.
///
/// It is never repaired: when it is lost, everything that hangs on it throws, and the caller opens another one.
///
/// Not offered: transactions, `basic.get`, consuming without acknowledgement (the prefetch is what bounds memory), and repair.
public final class Connection: Sendable {
  private let mailbox: Mailbox
  /// Who let us in.
  public let broker: BrokerIdentity

  private init(mailbox: Mailbox, broker: BrokerIdentity) {
    self.mailbox = mailbox
    self.broker = broker
  }

  /// Opens a connection and logs in.
  ///
  /// Throws ``AMQPError``: `.unreachable`, `.timedOut`, `.tlsRefused`, or the broker's own words (`.accessRefused` for a wrong
  /// password, `.notAllowed` for a virtual host that is not there).
  public static func open(_ options: ConnectionOptions) async throws -> Connection {
    let mailbox = try Mailbox()
    let opened = Promise<BrokerIdentity>()
    // The thread ends with the connection: by `close()`, by `deinit`, or because the broker is gone.
    try Thread.start {
      do {
        let loop = try ConnectionLoop(options: options, mailbox: mailbox)
        opened.succeed(loop.transport.identity)
        loop.run()
      } catch {
        opened.fail(error)
      }
    }
    // Ended below. The resolver is the one step without a timeout: its thread is left behind, and closes what it may yet open.
    let patience = Task {
      try await Task.sleep(for: options.connectTimeout + .milliseconds(500))
      opened.fail(
        AMQPError(
          .timedOut, "the host name was not resolved within \(options.connectTimeout); does the name server answer?",
          while: "connect to \(options.endpoint)"))
    }
    defer { patience.cancel() }
    do {
      return Connection(mailbox: mailbox, broker: try await opened.value)
    } catch {
      // What is opened yet, though nobody waits for it any more, is to be closed.
      try? mailbox.post(.close(Promise()))
      throw error
    }
  }

  deinit {
    // An error says that the connection has ended already.
    try? mailbox.post(.close(Promise()))
  }

  /// Runs tasks on the connection's own thread: what they receive is with them, and what they send is on the wire, without a change of
  /// thread. A job that blocks is left to itself, and another thread goes on for the connection.
  public var executor: any TaskExecutor { mailbox }

  /// A new channel on this connection, with methods to begin with; all in one round trip.
  ///
  /// Throws as ``Channel/perform(_:)`` does.
  public func channel(performing methods: [Method] = []) async throws -> Channel {
    for method in methods { try method.validate() }
    let promise = Promise<ChannelID>()
    let performed = Promise<[MethodReply]>()
    try mailbox.post(.openChannel(methods, promise, performed))
    let channel = Channel(connection: self, mailbox: mailbox, id: try await promise.value)
    if !methods.isEmpty { _ = try await performed.value }
    return channel
  }

  /// Why the broker takes no messages for now, in its own words (`"low on memory"`); nil if it takes them.
  public var blocked: String? { mailbox.blocked }

  /// Waits until ``blocked`` is not any more what the caller knows of it, and gives what it is now; throws why the connection ended.
  public func blocked(otherThan known: String?) async throws -> String? {
    try await mailbox.blocked(otherThan: known)
  }

  /// Waits until the connection is no more, and tells why; ``AMQPError/Code/closed`` if ``close()`` ended it.
  public func waitForEnd() async throws -> AMQPError {
    try await mailbox.waitForEnd()
  }

  /// Says goodbye to the broker, and waits for its reply a second at most.
  public func close() async {
    let promise = Promise<Void>()
    do {
      try mailbox.post(.close(promise))
      try await promise.value
    } catch {
      // It has ended already, or the caller waits no longer: either way there is nothing left to close.
    }
  }
}
