import AMQP

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Endpoint {
  /// `HOST`, `HOST:PORT`, `[IPV6]:PORT`, `[IPV6]`, or an IPv6 address as it is.
  init?(_ text: String, standardPort: Int) {
    var host = text
    var port = standardPort
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      guard host.contains(":"), rest.isEmpty || rest.hasPrefix(":") else { return nil }
      if !rest.isEmpty { port = Self.number(rest.dropFirst()) }
    } else if text.filter({ $0 == ":" }).count == 1, let colon = text.firstIndex(of: ":") {
      host = String(text[..<colon])
      port = Self.number(text[text.index(after: colon)...])
    }
    guard host.contains(":") ? Self.isIPv6(host) : Self.isName(host), (1...65535).contains(port) else { return nil }
    self.init(host: host, port: port)
  }

  /// Zero, which is no port, for what is no number.
  private static func number(_ digits: Substring) -> Int {
    digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) ?? 0 : 0
  }

  /// An address, perhaps with an interface behind it: `fe80::1%eth0`.
  ///
  /// The corresponding C function is `inet_pton(3)`.
  private static func isIPv6(_ text: String) -> Bool {
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    var address = in6_addr()
    return inet_pton(AF_INET6, parts[0], &address) == 1 && parts.dropFirst().allSatisfy(isName)
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true  // digits, letters, - . _
        default: false
        }
      }
  }

  /// Whether what is sent there stays on this machine.
  var isLoopback: Bool {
    host.lowercased() == "localhost" || host == "::1"
      || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
  }
}
