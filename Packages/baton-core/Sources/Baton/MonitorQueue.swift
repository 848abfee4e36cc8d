public import AMQP

/// The queue that a monitor consumes.
public struct MonitorQueue: Sendable, Hashable {
  /// The most that waits for a monitor that is away; beyond it the oldest become dead letters.
  static let byteLimit: Int64 = 256 * 1024 * 1024
  static let deadByteLimit: Int64 = 64 * 1024 * 1024

  public let declaration: QueueDeclaration
  /// Where what cannot be read is put aside.
  public let deadLetters: QueueDeclaration?

  /// A durable queue: messages wait in it while no monitor runs, and of several monitors on it one is active.
  ///
  /// All arguments are given at the first declaration, since none can be changed later.
  public static func durable(_ name: String) -> MonitorQueue {
    let dead = "\(name).dead"
    return MonitorQueue(
      declaration: QueueDeclaration(
        name,
        arguments: [
          "x-single-active-consumer": true, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(dead),
          "x-max-length-bytes": .int(byteLimit),
        ]),
      deadLetters: QueueDeclaration(dead, arguments: ["x-max-length-bytes": .int(deadByteLimit)]))
  }

  /// The gem's queue, as the gem declares it, to share it with a monitor of the gem. RabbitMQ 4.3 refuses it.
  public static func legacy(_ name: String) -> MonitorQueue {
    MonitorQueue(declaration: QueueDeclaration(name, durable: false), deadLetters: nil)
  }
}
