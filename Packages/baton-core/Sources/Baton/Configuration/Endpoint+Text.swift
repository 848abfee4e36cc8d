import AMQP

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
      if !rest.isEmpty {
        guard let number = Int(rest.dropFirst()) else { return nil }
        port = number
      }
    } else if text.filter({ $0 == ":" }).count == 1, let colon = text.firstIndex(of: ":") {
      host = String(text[..<colon])
      guard let number = Int(text[text.index(after: colon)...]) else { return nil }
      port = number
    }
    let allowed = host.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x25: true  // letters, digits, : - . _ %
      default: false
      }
    }
    guard !host.isEmpty, allowed, (1...65535).contains(port) else { return nil }
    self.init(host: host, port: port)
  }

  /// Whether what is sent there stays on this machine.
  var isLoopback: Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
  }
}
