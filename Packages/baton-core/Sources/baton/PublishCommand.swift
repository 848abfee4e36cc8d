import AMQP
import Baton
import BatonCLI

/// `baton publish`: one message by hand.
enum PublishCommand {
  private static let wait = Option<Duration>.value(
    "wait", placeholder: "time", help: "Wait for the broker to take it at most so long (default: 10s).",
    default: .seconds(10))
  private static let raw = Option<Bool>.flag("raw", help: "Publish the text as it is, though it be no JSON object.")

  static let command = Command(
    "publish", abstract: "Publish one message to an exchange.",
    discussion: """
      EXIT CODES:
        0   the broker took it, and some queue has it
        2   nobody is listening under that key, or there is no such exchange
        75  the broker takes no messages for now (an alarm), try again
      """,
    operands: [
      .init("exchange", help: "baton_ping_in, …"), .init("key", help: "The routing key: production, …"),
      .init("json", help: "The body: {\"type\":\"ping\"}"),
    ],
    options: [raw.spec, wait.spec] + CommonOptions.specs
  ) { arguments in
    let (exchange, key, body) = (arguments.operands[0], arguments.operands[1], [UInt8](arguments.operands[2].utf8))
    if try !arguments[raw] {
      do { _ = try AnyMessage(Delivery(tag: 0, exchange: exchange, routingKey: key, body: body)) } catch {
        throw UsageError("This is no message: \(error). Use '--raw' to publish it all the same.")
      }
    }
    let limit = try arguments[wait]
    let configuration = try CommonOptions.configuration(arguments, program: "baton")
    let broker = RabbitMQ(
      hosts: configuration.connections(name: "baton publish"), logger: CommonOptions.logger(configuration))
    var properties = Properties()
    properties.contentType = "application/json"
    properties.deliveryMode = .transient
    properties.userID = configuration.user
    properties.appID = "baton"
    let publishing = Publishing(
      exchange: exchange, routingKey: key, mandatory: true, properties: properties, body: body)
    return Supervisor().run {
      do {
        let channel = try await broker.channel()
        let confirmation = try await channel.publish([publishing], within: limit, while: "publish to '\(exchange)'")
        await channel.close()
        guard case .returned = confirmation.first else { return .success }
        Output.error.writeLine("Nobody is listening on '\(exchange)' under the key '\(key)'.".escapingControlCharacters)
        return .nobody
      } catch {
        return Program.report(error, program: "baton")
      }
    }
  }
}
