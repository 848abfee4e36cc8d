import BatonHTTPServer

/// What a proxy in front is believed: who somebody is, where he comes from, and that he came by TLS.
///
/// Only where a request comes from one of its addresses. A header is easily forged: by default nobody is believed but who may write to
/// the socket's file, since every user of this machine can connect to a port of loopback.
struct TrustedProxy: Sendable, Hashable {
  /// In lower case; nil: people log in here.
  var userHeader: String?
  /// IP addresses as the system writes them, and `unix`.
  var addresses: Set<String> = ["unix"]

  func isTrusted(_ request: HTTPRequest) -> Bool { addresses.contains(request.client) }

  /// Whom the proxy has let in; nil if it says nothing, or is not believed.
  func user(of request: HTTPRequest) -> String? {
    guard let userHeader, isTrusted(request), let name = request.headers[userHeader], !name.isEmpty else { return nil }
    return name
  }

  /// A header with a name in it that nobody believes, for a word to whoever sets this up.
  func hasUnbelieved(_ request: HTTPRequest) -> Bool {
    guard let userHeader else { return false }
    return !isTrusted(request) && request.headers[userHeader]?.isEmpty == false
  }

  /// Where somebody comes from: the last hop that the proxy names, since what stands before that the client may have said itself.
  func client(of request: HTTPRequest) -> String {
    guard isTrusted(request), let hop = request.headers["x-forwarded-for"]?.split(separator: ",").last else {
      return request.client
    }
    return IPAddress.canonical(hop.filter { $0 != " " }) ?? request.client
  }

  /// Whether the browser came by TLS.
  func isSecure(_ request: HTTPRequest) -> Bool {
    isTrusted(request) && last(request.headers["x-forwarded-proto"]) == "https"
  }

  /// The host that the browser asked for, with its port, in lower case.
  func host(of request: HTTPRequest) -> String? {
    let forwarded = isTrusted(request) ? last(request.headers["x-forwarded-host"]) : nil
    return forwarded ?? request.headers["host"]?.lowercased()
  }

  private func last(_ header: String?) -> String? {
    header?.split(separator: ",").last.map { $0.filter { $0 != " " }.lowercased() }
  }
}
