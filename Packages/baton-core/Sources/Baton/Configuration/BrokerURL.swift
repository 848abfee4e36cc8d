import AMQP

/// A broker's address as one line: `amqp://user:password@host:port/vhost`.
///
/// Source: RabbitMQ URI Specification, <https://www.rabbitmq.com/docs/uri-spec>.
struct BrokerURL {
  let isTLS: Bool
  let endpoint: Endpoint
  let user: String?
  let password: Secret?
  /// Nil if there is no path; `/` has to be written `%2F`.
  let virtualHost: String?

  init?(_ text: String) {
    let rest: Substring
    if text.hasPrefix("amqp://") {
      isTLS = false
      rest = text.dropFirst("amqp://".count)
    } else if text.hasPrefix("amqps://") {
      isTLS = true
      rest = text.dropFirst("amqps://".count)
    } else {
      return nil
    }
    let slash = rest.firstIndex(of: "/")
    var authority = rest[..<(slash ?? rest.endIndex)]
    if let slash {
      let path = rest[rest.index(after: slash)...]
      guard !path.contains("/"), !path.contains("?"), let name = Self.decode(path) else { return nil }
      virtualHost = name.isEmpty ? nil : name
    } else {
      virtualHost = nil
    }
    if let at = authority.lastIndex(of: "@") {
      let credentials = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard let user = Self.decode(credentials[0]) else { return nil }
      self.user = user.isEmpty ? nil : user
      if credentials.count == 2 {
        guard let password = Self.decode(credentials[1]) else { return nil }
        self.password = Secret(password)
      } else {
        password = nil
      }
      authority = authority[authority.index(after: at)...]
    } else {
      user = nil
      password = nil
    }
    let host = authority.isEmpty ? "localhost" : String(authority)
    guard let endpoint = Endpoint(host, standardPort: isTLS ? 5671 : 5672) else { return nil }
    self.endpoint = endpoint
  }

  /// `%XX` to the byte; nil if it is not that, or the bytes are not UTF-8.
  private static func decode(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
  }
}
