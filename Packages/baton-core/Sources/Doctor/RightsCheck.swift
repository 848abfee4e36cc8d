import AMQP
import Baton

/// Whether the broker has what the patient needs, and lets its user do what it does: each act is tried in a way that leaves nothing
/// behind.
struct RightsCheck {
  let patient: Patient
  let connection: Connection
  let user: String
  let durable: Bool
  /// The monitor's, if its configuration names one.
  let queueName: String?

  /// Nobody is bound with it.
  private static let key = "baton-doctor"
  /// An alarm is told at once, a confirmation comes within the second.
  private static let patience: Duration = .seconds(5)

  /// As they are made.
  var findings: AsyncStream<Finding> {
    AsyncStream { continuation in
      // Ends by itself: each step is bounded by the connection's reply timeout.
      Task {
        for name in patient.extensions {
          let names = ExchangeNames(name)
          for exchange in [names.input, names.output] { continuation.yield(await found(exchange)) }
          switch patient.role {
          case .agent:
            continuation.yield(await reading(names.input))
            for finding in await writing(names.output) { continuation.yield(finding) }
          case .api:
            continuation.yield(await reading(names.output))
            for finding in await writing(names.input) { continuation.yield(finding) }
          case .monitor:
            continuation.yield(await consuming(names.output))
          }
        }
        continuation.finish()
      }
    }
  }

  /// There, and of the right type. Whether it is durable is its maker's to say: it is taken as it is.
  private func found(_ name: String) async -> Finding {
    let check = "exchange \(name)"
    do {
      try await connection.channel().perform([.declareExchange(ExchangeDeclaration(name, passive: true))])
    } catch AMQPError.Code.notFound {
      return patient.role == .agent
        ? .warning(
          check, "not there", "who has the right to declares it at the start; 'baton broker-setup' makes it beforehand")
        : .failed(check, "not there", "no agent has been started yet, or the virtual host is another one")
    } catch {
      return failure(check, error)
    }
    do {
      try await connection.channel().perform([.declareExchange(ExchangeDeclaration(name, durable: durable))])
      return .ok(check, "direct")
    } catch let error as AMQPError where error.code == .preconditionFailed && error.reason.contains("'type'") {
      return .failed(
        check, error.reason,
        "it has to be direct: delete it ('baton broker-setup' shows how it is made) while nobody depends on it")
    } catch AMQPError.Code.preconditionFailed {
      return .ok(check, "direct, and \(durable ? "not durable, as the Ruby gem makes it" : "durable")")
    } catch AMQPError.Code.accessRefused {
      // As it should be: with least rights nobody may declare it.
      return .ok(check, "there")
    } catch {
      return failure(check, error)
    }
  }

  /// A queue that the broker names is bound to it, and goes with the channel's connection.
  private func reading(_ exchange: String) async -> Finding {
    let check = "read \(exchange)"
    do {
      let channel = try await connection.channel()
      let queue = try await channel.perform([.declareQueue(.serverNamed)]).first?.name ?? ""
      try await channel.perform([.bind(queue: queue, exchange: exchange, routingKey: Self.key), .deleteQueue(queue)])
      return .ok(check, "\(user) may")
    } catch {
      return failure(check, error)
    }
  }

  /// A message that nobody is bound for comes back; and whether there is an alarm shows only when something is published.
  private func writing(_ exchange: String) async -> [Finding] {
    let check = "write \(exchange)"
    do {
      let channel = try await connection.channel()
      try await channel.perform([.confirmSelect])
      let publishing = Publishing(exchange: exchange, routingKey: Self.key, mandatory: true, body: Array("{}".utf8))
      let alarm = try await withThrowingTaskGroup(of: String?.self) { group in
        defer { group.cancelAll() }
        group.addTask {
          _ = try await channel.publish([publishing])
          return nil
        }
        group.addTask { [connection] in try await connection.blocked(otherThan: nil) }
        group.addTask {
          try await Task.sleep(for: Self.patience)
          throw AMQPError(.timedOut, "no confirmation within \(Self.patience)", while: "publish to '\(exchange)'")
        }
        return try await group.next() ?? nil
      }
      guard let alarm else { return [.ok(check, "\(user) may"), .ok("alarm", "none")] }
      return [
        .ok(check, "\(user) may"),
        .failed(
          "alarm", "the broker takes no messages: \(alarm)",
          "see 'rabbitmq-diagnostics alarms' on the broker, and make room; what is said meanwhile waits"),
      ]
    } catch {
      return [failure(check, error)]
    }
  }

  /// The monitor's queue, if it has been made, is as it is now made, and may be bound.
  private func consuming(_ exchange: String) async -> Finding {
    let name = queueName ?? (durable ? "baton-ping-monitor.v2" : "baton-ping-monitor")
    let check = "queue \(name)"
    let queue = durable ? MonitorQueue.durable(name) : .legacy(name)
    do {
      try await connection.channel().perform([.declareQueue(QueueDeclaration(name, passive: true))])
    } catch AMQPError.Code.notFound {
      return .warning(check, "not there", "the monitor makes it at its start; until then what is said is lost to it")
    } catch {
      return failure(check, error)
    }
    do {
      try await connection.channel().perform([.declareQueue(queue.declaration)])
      try await connection.channel().perform([.bind(queue: name, exchange: exchange, routingKey: "")])
      return .ok(check, "bound to \(exchange)")
    } catch let error as AMQPError where error.code == .preconditionFailed {
      return .failed(
        check, error.reason,
        "it cannot be changed: stop the monitor, 'rabbitmqctl delete_queue \(name)', start it")
    } catch {
      return failure(check, error)
    }
  }

  private func failure(_ check: String, _ error: any Error) -> Finding {
    let error = error as? AMQPError ?? AMQPError(.connectionLost, "\(error)", while: check)
    let remedy =
      switch error.code {
      case .accessRefused:
        "'baton broker-setup' prints the rights that it needs; 'rabbitmqctl list_user_permissions \(user)' those it has"
      case .notFound: "'baton broker-setup' makes it"
      default: "look into the broker's log"
      }
    return .failed(check, error.reason, remedy)
  }
}
