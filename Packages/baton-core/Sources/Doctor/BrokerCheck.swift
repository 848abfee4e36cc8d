import AMQP
import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The way to one host of the broker: its name, its port, TLS, the login, and who answers there.
struct BrokerCheck {
  let options: ConnectionOptions
  /// Whether exchanges are declared durable.
  let durable: Bool

  /// What was found, and the connection if we were let in.
  func findings() async -> ([Finding], Connection?) {
    let place = "\(options.endpoint)"
    let addresses: [String]
    do { addresses = try Self.addresses(of: options.endpoint) } catch {
      return (
        [
          .failed(
            "name", "\(options.endpoint.host): \(error.reason)", "see to RABBIT_HOST, /etc/hosts and the name server")
        ],
        nil
      )
    }
    var findings = [Finding.ok("name", "\(options.endpoint.host) is \(addresses.joined(separator: ", "))")]
    do {
      let connection = try await Connection.open(options)
      findings.append(.ok("tcp", place))
      findings += tls(connection.broker)
      findings.append(.ok("login", "\(options.user) on virtual host '\(options.virtualHost)'"))
      findings.append(version(connection.broker))
      return (findings, connection)
    } catch let error as AMQPError {
      return (findings + refusal(error), nil)
    } catch {
      return (findings + [.failed("tcp", "\(place): \(error)", "try again")], nil)
    }
  }

  private struct Unresolved: Error {
    let reason: String
  }

  /// The corresponding C function is `getaddrinfo(3)`.
  private static func addresses(of endpoint: Endpoint) throws(Unresolved) -> [String] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(endpoint.host, nil, &hints, &list)
    guard status == 0 else { throw Unresolved(reason: String(cString: gai_strerror(status))) }
    defer { freeaddrinfo(list) }
    var addresses: [String] = []
    var entry = list
    while let info = entry?.pointee {
      var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      getnameinfo(info.ai_addr, info.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
      addresses.append(String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
      entry = info.ai_next
    }
    return addresses
  }

  private func refusal(_ error: AMQPError) -> [Finding] {
    let place = "\(options.endpoint)"
    let tcp = Finding.ok("tcp", place)
    let tls = options.tls == nil ? [] : [Finding.ok("tls", "the certificate of \(place) is good")]
    switch error.code {
    case .tlsRefused:
      return [tcp, .failed("tls", error.reason, "see to RABBIT_CA, and to the broker's certificate and its names")]
    case .accessRefused:
      return [tcp] + tls + [
        .failed(
          "login", error.reason,
          "check RABBIT_USER and RABBIT_PASS; 'rabbitmqctl change_password \(options.user)' sets another password")
      ]
    case .notAllowed:
      return [tcp] + tls + [
        .failed(
          "login", error.reason,
          "check RABBIT_VHOST; 'rabbitmqctl add_vhost' makes one, 'baton broker-setup' prints the user's rights on it")
      ]
    case .unreachable:
      return [
        .failed(
          "tcp", "\(place): \(error.reason)", "see whether RabbitMQ runs there, and whether a firewall is in between")
      ]
    default:
      return [
        .failed(
          "tcp", "\(place): \(error.reason)",
          "see whether RabbitMQ listens on that port, plain or with TLS as RABBIT_TLS says, and whether a firewall swallows packets"
        )
      ]
    }
  }

  private func tls(_ broker: BrokerIdentity) -> [Finding] {
    guard options.tls != nil else { return [] }
    guard let end = broker.certificateEnd else { return [.ok("tls", "on")] }
    return [Self.certificate(daysLeft: (end - time(nil)) / 86_400)]
  }

  static func certificate(daysLeft: Int) -> Finding {
    let detail = "the broker's certificate is good for \(daysLeft) \(daysLeft == 1 ? "day" : "days")"
    return daysLeft < 21
      ? .warning("tls", detail, "renew it now: when it is over, nobody is let in any more") : .ok("tls", detail)
  }

  private func version(_ broker: BrokerIdentity) -> Finding {
    Self.version(broker, durable: durable)
  }

  static func version(_ broker: BrokerIdentity, durable: Bool) -> Finding {
    let detail = "\(broker.product) \(broker.version)"
    let numbers = broker.version.split(separator: ".").prefix(2).compactMap { Int($0) }
    guard broker.product == "RabbitMQ", numbers.count == 2 else {
      return .warning("broker", detail, "baton is tested with RabbitMQ alone")
    }
    if numbers.lexicographicallyPrecedes([3, 8]) {
      return .failed("broker", detail, "it knows no single active consumer, which the monitor needs; take 3.8 or newer")
    }
    if !durable, !numbers.lexicographicallyPrecedes([4, 3]) {
      return .failed(
        "broker", "\(detail) refuses the gem's queue, which is not durable, with 541",
        "take the last hosts off the Ruby gem, then take 'RABBIT_DURABLE: false' away")
    }
    return .ok("broker", detail)
  }
}
