import AMQP

extension AMQPError {
  /// Whether it lasts until a person does something; other failures heal by themselves, as a broker that restarts.
  var needsPerson: Bool {
    switch code {
    case .accessRefused, .notAllowed, .notFound, .preconditionFailed, .resourceLocked, .tlsRefused: true
    default: false
    }
  }

  /// The same, with what to do about it where the broker's own words do not say.
  ///
  /// - Parameter isConnecting: whether it was the login that was refused, rather than something asked for afterwards.
  func withRemedy(for options: ConnectionOptions, isConnecting: Bool = false) -> AMQPError {
    guard let remedy = remedy(for: options, isConnecting: isConnecting) else { return self }
    return AMQPError(code, "\(reason.hasSuffix(".") ? String(reason.dropLast()) : reason). \(remedy)", while: action)
  }

  private func remedy(for options: ConnectionOptions, isConnecting: Bool) -> String? {
    switch code {
    case .accessRefused where isConnecting:
      "Check RABBIT_USER and RABBIT_PASS; 'rabbitmqctl change_password \(options.user)' sets another password"
    case .notAllowed where isConnecting && reason.contains("not found"):
      "Check RABBIT_VHOST; 'rabbitmqctl add_vhost \(options.virtualHost)' makes it"
    case .accessRefused, .notAllowed:
      "'baton broker-setup' prints the rights that it needs; 'rabbitmqctl list_user_permissions \(options.user)' those it has"
    default: nil
    }
  }
}
