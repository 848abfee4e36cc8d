import AMQP
import Baton
import BatonCLI

/// `baton broker-setup`: what an administrator types once, so that nobody in the fleet needs more rights than his work does.
enum BrokerSetupCommand {
  private static let extensions = Option<[String]>.list(
    "extension", placeholder: "name", help: "An extension to set up: ping, deploy (default: both); may be given again.")
  private static let agents = Option<[String]>.list(
    "agent", placeholder: "user",
    help: "A user for agents, best one for each host (default: baton-agent); may be given again.")
  private static let api = Option<String>.value(
    "api", placeholder: "user", help: "The user who asks (default: baton-api).", default: "baton-api")
  private static let monitor = Option<String>.value(
    "monitor", placeholder: "user", help: "The user of monitors (default: baton-monitor).", default: "baton-monitor")
  private static let queue = Option<String>.value(
    "monitor-queue", placeholder: "name", help: "The monitors' queue (default: baton-ping-monitor.v2).",
    default: "baton-ping-monitor.v2")
  private static let quorum = Option<Bool>.flag(
    "quorum", help: "The broker is a cluster: the monitors' queue is a quorum queue (QUEUE_TYPE: quorum).")
  private static let definitions = Option<Bool>.flag(
    "definitions", help: "Only the exchanges and queues, as JSON for 'rabbitmqctl import_definitions'.")
  private static let print = Option<Bool>.flag("print", help: "Print what to type (the default).")

  static let command = Command(
    "broker-setup", abstract: "Print the users, rights, exchanges and queues that a broker needs.",
    discussion: """
      Nothing is sent to a broker. Exchanges and queues are made beforehand, because with these rights no
      agent can declare one. 'rabbitmqctl add_user' reads each password from standard input.
      """,
    options: [
      extensions.spec, agents.spec, api.spec, monitor.spec, queue.spec, quorum.spec, definitions.spec, print.spec,
    ] + CommonOptions.specs
  ) { arguments in
    let names = try arguments[extensions].isEmpty ? ["ping", "deploy"] : arguments[extensions]
    let users = try arguments[agents].isEmpty ? ["baton-agent"] : arguments[agents]
    for name in try names + users + [arguments[api], arguments[monitor], arguments[queue]] { try check(name) }
    let configuration = try CommonOptions.configuration(arguments, program: "baton")
    let setup = BrokerSetup(
      virtualHost: configuration.virtualHost,
      extensions: names.map { $0.hasPrefix("baton_") ? $0 : "baton_\($0)" }, agents: users, api: try arguments[api],
      monitor: try arguments[monitor],
      queue: .durable(try arguments[queue], kind: try arguments[quorum] ? .quorum : .classic))
    Output.standard.write(try arguments[definitions] ? setup.definitions() + "\n" : setup.script())
    return .success
  }

  /// They go into a shell's words and into regular expressions.
  private static func check(_ name: String) throws(UsageError) {
    do { _ = try Names.app(name) } catch { throw UsageError("\(error).") }
  }
}
