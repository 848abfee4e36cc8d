/// What a broker's user may do, as RabbitMQ keeps it: three regular expressions over the names of exchanges and queues.
///
/// Source: <https://www.rabbitmq.com/docs/access-control#authorisation>. A direct exchange does not look at routing keys: whoever may
/// read an input exchange may read every request.
public struct BrokerRights: Sendable, Hashable {
  public let configure: String
  public let write: String
  public let read: String

  /// Of a host that runs services of these extensions (`baton_ping`): it declares nothing that others use.
  public static func agent(of extensions: [String]) -> BrokerRights {
    BrokerRights(
      configure: #"^amq\.gen.*$"#, write: anyOf(extensions.map { ExchangeNames($0).output }),
      read: anyOf(extensions.map { ExchangeNames($0).input }))
  }

  /// Of whoever asks.
  ///
  /// Whoever deploys also holds a lock: a queue of their own, bound to the input exchange, and they say on the output exchange that
  /// it is they who hold it.
  public static func api(of extensions: [String]) -> BrokerRights {
    let deploy = extensions.contains("baton_deploy") ? ExchangeNames("baton_deploy") : nil
    let locks = deploy.map { _ in [#"baton-deploy\.lock\..*"#] } ?? []
    return BrokerRights(
      configure: anyOf(locks),
      write: anyOf(locks + extensions.map { ExchangeNames($0).input } + (deploy.map { [$0.output] } ?? [])),
      read: anyOf(locks + extensions.map { ExchangeNames($0).output } + (deploy.map { [$0.input] } ?? [])))
  }

  /// Of monitors whose queues begin with `baton-ping-monitor`; they ping as well.
  public static func monitor(of extensions: [String]) -> BrokerRights {
    let own = [#"amq\.gen.*"#, #"baton-ping-monitor.*"#]
    return BrokerRights(
      configure: "^(\(own.joined(separator: "|")))$",
      // The default exchange is where dead letters go through.
      write: anyOf([#"baton-ping-monitor.*"#, #"amq\.default"#] + extensions.map { ExchangeNames($0).input }),
      read: anyOf([#"baton-ping-monitor.*"#] + extensions.map { ExchangeNames($0).output }))
  }

  /// The queues that the broker names itself, and these.
  private static func anyOf(_ names: [String]) -> String {
    "^(\(([#"amq\.gen.*"#] + names).joined(separator: "|")))$"
  }
}
