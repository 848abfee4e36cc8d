import AMQP

extension Configuration {
  /// A value as a person may see it, and where it came from.
  public struct Shown: Sendable {
    public let key: String
    public let value: String
    public let origin: String
  }

  /// Every key that has a value, and the defaults of those that matter without one; passwords are covered.
  public var shown: [Shown] {
    var values: [String: String] = [
      "RABBIT_HOST": hosts.map(\.description).joined(separator: ", "), "RABBIT_VHOST": virtualHost, "RABBIT_USER": user,
      "RABBIT_PASS": password.description, "RABBIT_HEARTBEAT": "\(heartbeat.components.seconds)",
      "RABBIT_TLS": "\(tls != nil)", "RABBIT_DURABLE": "\(durable)", "LOG_FORMAT": logFormat.rawValue,
      "LOG_LEVEL": "\(logLevel)",
    ]
    if let tls { values["RABBIT_CA"] = tls.authorities }
    for key in settings.keys where values[key] == nil {
      // A list is shown as it would be written on one line.
      values[key] =
        Self.isSecret(key)
        ? password.description : (try? settings.list(key))?.joined(separator: ", ") ?? "(structured)"
    }
    return values.sorted { $0.key < $1.key }.map { key, value in
      Shown(key: key, value: value, origin: "\(origin(of: key))")
    }
  }

  /// Whether there may be a password in a value, also where the key is an extension's, or mistyped.
  private static func isSecret(_ key: String) -> Bool {
    key == "RABBIT_URL"
      || !keys.contains(key) && ["PASS", "SECRET", "TOKEN"].contains { key.uppercased().contains($0) }
  }

  /// Host, user and the like may come out of RABBIT_URL, the password out of its file.
  private func origin(of key: String) -> Settings.Origin {
    let own = settings.origin(of: key)
    if key == "RABBIT_PASS", settings.origin(of: "RABBIT_PASS_FILE") != .standard {
      return settings.origin(of: "RABBIT_PASS_FILE")
    }
    let url = settings.origin(of: "RABBIT_URL")
    let inURL = ["RABBIT_HOST", "RABBIT_VHOST", "RABBIT_USER", "RABBIT_PASS", "RABBIT_TLS"].contains(key)
    return own == .standard && inURL ? url : own
  }
}
