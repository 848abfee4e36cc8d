/// What an author of an extension writes: the keys to listen to, and a handler for each type of message.
public protocol Consumer: Sendable {
  /// The routing keys whose requests concern this server; each is also bound with `.<fqdn>` behind it.
  func routingKeys(on server: Server) -> [String]

  var handlers: [Handler] { get }

  /// Takes up what an earlier run of the agent has left unfinished. Called once, at the agent's start; requests come in meanwhile.
  func begin(with voice: Voice) async

  /// The broker has taken over what was said under an id (``Voice/say(_:answering:id:)``): it need not be said again.
  func confirmed(_ id: String)
}

extension Consumer {
  public func begin(with voice: Voice) async {}
  public func confirmed(_ id: String) {}
}
