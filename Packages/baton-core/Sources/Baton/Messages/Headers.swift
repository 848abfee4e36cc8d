/// The headers that this framework adds; a peer that does not know them works on without.
enum Headers {
  /// The one host that a request is for.
  static let fqdn = "baton-fqdn"
  /// The routing key that a request was meant for.
  static let key = "baton-key"
  /// The release of baton that a service runs.
  static let version = "baton-version"
  /// RabbitMQ's sender-selected distribution: further routing keys, always an array of strings.
  static let carbonCopy = "CC"
}
