import AMQP
import Baton
import BatonCLI

/// `baton watch`: what comes out of an exchange, as it comes.
enum WatchCommand {
  private static let keys = Option<[String]>.list(
    "key", placeholder: "key", help: "Watch this routing key instead of the empty one; may be given again.")
  private static let count = Option<Int?>.optional("count", placeholder: "n", help: "End after so many messages.")
  private static let jsonLines = Option<Bool>.flag(
    "json-lines", help: "Write the bodies as they came, one a line, as where there is no terminal.")

  static let command = Command(
    "watch", abstract: "Show the messages of an exchange as they come.",
    discussion: "It listens with a queue of its own: nobody misses a message because of it.",
    operands: [.init("exchange", help: "baton_ping_out, …")],
    options: [keys.spec, count.spec, jsonLines.spec] + CommonOptions.specs
  ) { arguments in
    let exchange = arguments.operands[0]
    let keys = try arguments[keys].isEmpty ? [""] : arguments[keys]
    let count = try arguments[count]
    let isForPeople = try Output.standard.isTerminal && !arguments[jsonLines]
    let configuration = try CommonOptions.configuration(arguments, program: "baton")
    let broker = RabbitMQ(
      hosts: configuration.connections(name: "baton watch"), logger: CommonOptions.logger(configuration))
    // Passive: a name that is mistyped must not become an exchange.
    let topology = Topology(
      exchanges: [ExchangeDeclaration(exchange, passive: true)], queue: .serverNamed,
      bindings: keys.map { .init(exchange, .key($0)) })
    return Supervisor().run {
      do {
        let channel = try await broker.channel()
        let subscription = try await channel.consume(try await channel.declare(topology), prefetch: 500)
        Output.error.writeLine("Watching \(exchange); Ctrl-C ends it.".escapingControlCharacters)
        var seen = 0
        for try await batch in subscription.deliveries {
          for delivery in batch where count.map({ seen < $0 }) ?? true {
            Output.standard.writeLine(isForPeople ? line(delivery) : body(delivery))
            subscription.settle(delivery, .acknowledge)
            seen += 1
          }
          if seen == count { break }
        }
        await channel.close()
        return .success
      } catch {
        return Program.report(error, program: "baton")
      }
    }
  }

  private static func body(_ delivery: Delivery) -> String {
    String(decoding: delivery.body, as: UTF8.self).escapingControlCharacters
  }

  /// `web1.example  pong  {…}`
  private static func line(_ delivery: Delivery) -> String {
    guard let message = try? AnyMessage(delivery) else { return "(unreadable)  \(body(delivery))" }
    let style = Style(for: .standard)
    let type = message.isError ? style.red(message.type) : style.green(message.type)
    return "\(style.bold(message.sender.fqdn.escapingControlCharacters))  \(type)  \(body(delivery))"
  }
}
