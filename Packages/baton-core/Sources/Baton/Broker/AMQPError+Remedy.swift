import AMQP

extension AMQPError {
  /// Whether it lasts until a person does something; other failures heal by themselves, as a broker that restarts.
  var needsPerson: Bool {
    switch code {
    case .accessRefused, .notAllowed, .notFound, .preconditionFailed, .resourceLocked, .tlsRefused: true
    default: false
    }
  }

  /// The same about a login, with what to do about it where the broker's own words do not say.
  func withRemedy(for options: ConnectionOptions) -> AMQPError {
    let remedy: String? =
      switch code {
      case .accessRefused:
        "Check RABBIT_USER and RABBIT_PASS; 'rabbitmqctl change_password \(options.user)' sets another password"
      case .notAllowed where reason.contains("not found"):
        "Check RABBIT_VHOST; 'rabbitmqctl add_vhost \(options.virtualHost)' makes it"
      case .notAllowed: options.remedies[.notAllowed]
      default: nil
      }
    return AMQPError(code, reason, remedy: remedy, while: action)
  }
}

extension ConnectionOptions {
  /// The same, with what to do about what is refused once the connection is there.
  var withRemedies: ConnectionOptions {
    var options = self
    let rights =
      "'baton broker-setup' prints the rights that it needs; 'rabbitmqctl list_user_permissions \(user)' those it has"
    options.remedies = [.accessRefused: rights, .notAllowed: rights]
    return options
  }
}
