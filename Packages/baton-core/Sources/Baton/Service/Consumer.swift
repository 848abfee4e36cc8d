/// What an author of an extension writes: the keys to listen to, and a handler for each type of message.
public protocol Consumer: Sendable {
  /// The routing keys whose requests concern this server; each is also bound with `.<fqdn>` behind it.
  func routingKeys(on server: Server) -> [String]

  var handlers: [Handler] { get }
}
