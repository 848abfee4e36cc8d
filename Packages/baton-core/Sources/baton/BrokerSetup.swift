import AMQP
import Baton

/// The users, rights, exchanges and queues of a fleet.
struct BrokerSetup {
  let virtualHost: String
  let extensions: [String]
  let agents: [String]
  let api: String
  let monitor: String
  let queue: MonitorQueue

  /// Lines for a shell on the broker's host.
  func script() throws -> String {
    let users =
      agents.map { ($0, BrokerRights.agent(of: extensions)) }
      + [(api, .api(of: extensions)), (monitor, .monitor(of: extensions))]
    var lines = ["# Users. Each line reads a password from standard input."]
    lines += users.map { user, _ in "rabbitmqctl add_user '\(user)'" }
    lines += ["", "# Exchanges and queues."]
    lines += ["rabbitmqctl import_definitions <<'JSON'", try definitions(), "JSON"]
    lines += ["", "# Rights: configure, write, read."]
    lines += users.map { user, rights in
      "rabbitmqctl set_permissions -p '\(quoted(virtualHost))' '\(user)' '\(rights.configure)' '\(rights.write)' '\(rights.read)'"
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What `rabbitmqctl import_definitions` reads.
  func definitions() throws -> String {
    let document = Definitions(
      exchanges: extensions.map(ExchangeNames.init).flatMap { [$0.input, $0.output] }
        .map { .init(name: $0, vhost: virtualHost) },
      queues: [queue.declaration, queue.deadLetters].compactMap { $0 }.map {
        .init(name: $0.name, vhost: virtualHost, arguments: $0.arguments.mapValues(\.json))
      },
      bindings: extensions.map {
        .init(source: ExchangeNames($0).output, vhost: virtualHost, destination: queue.declaration.name)
      })
    return String(decoding: try JSONText.encode(document), as: UTF8.self)
  }

  /// Within single quotes of a shell.
  private func quoted(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
  }
}

/// The part of RabbitMQ's definitions that a fleet needs: <https://www.rabbitmq.com/docs/definitions>.
private struct Definitions: Encodable {
  struct Exchange: Encodable {
    let name: String
    let vhost: String
    let type = "direct"
    let durable = true
    let autoDelete = false
    let arguments: [String: JSONValue] = [:]

    enum CodingKeys: String, CodingKey {
      case name, vhost, type, durable, arguments
      case autoDelete = "auto_delete"
    }
  }

  struct Queue: Encodable {
    let name: String
    let vhost: String
    let durable = true
    let autoDelete = false
    let arguments: [String: JSONValue]

    enum CodingKeys: String, CodingKey {
      case name, vhost, durable, arguments
      case autoDelete = "auto_delete"
    }
  }

  struct Binding: Encodable {
    let source: String
    let vhost: String
    let destination: String
    let destinationType = "queue"
    let routingKey = ""
    let arguments: [String: JSONValue] = [:]

    enum CodingKeys: String, CodingKey {
      case source, vhost, destination, arguments
      case destinationType = "destination_type"
      case routingKey = "routing_key"
    }
  }

  let exchanges: [Exchange]
  let queues: [Queue]
  let bindings: [Binding]
}

extension FieldValue {
  /// As an argument of a declaration is written in JSON.
  fileprivate var json: JSONValue {
    switch self {
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .double(let value): .double(value)
    case .string(let value): .string(value)
    default: .null
    }
  }
}
