import BatonHTTPServer

/// Requests that another site has a browser send, with the cookie or the password that the browser has for this one.
///
/// Source: OWASP, Cross-Site Request Forgery Prevention Cheat Sheet.
extension Doorkeeper {
  /// Of a request that changes something.
  func check(_ request: HTTPRequest, _ admission: Admission) throws(Refusal) {
    try checkOrigin(request)
    guard let formToken = admission.formToken else { return }
    // A form of another site cannot be sent like this, and a script of another site would have to ask first, which is refused.
    let isOutOfReach = request.method != "POST" || Self.isJSON(request)
    if admission.way != .session, isOutOfReach { return }
    let given = request.headers["x-csrf-token"] ?? request.form?["csrf"]?.first ?? ""
    guard Fingerprint(of: given) == Fingerprint(of: formToken) else {
      throw Refusal(
        kind: .forged,
        reason:
          "nothing was done: the page that this came from is not from here, or too old; load it again, and try again")
    }
  }

  /// Whether it can have come from a page of this site, by what browsers say of it; programs say nothing.
  func checkOrigin(_ request: HTTPRequest) throws(Refusal) {
    if let site = request.headers["sec-fetch-site"], !["same-origin", "none"].contains(site.lowercased()) {
      throw Refusal(kind: .forged, reason: "nothing was done: another site has sent this (\(site.prefix(20)))")
    }
    guard let origin = request.headers["origin"]?.lowercased() else { return }
    let proxy = settings.proxy
    let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
    let isOwn =
      parts.count == 3 && parts[1].isEmpty && (parts[0] == "https:" || parts[0] == "http:" && !proxy.isSecure(request))
      && proxy.host(of: request).map { Self.bare($0) == Self.bare(String(parts[2])) } ?? false
    guard isOwn else {
      throw Refusal(
        kind: .forged,
        reason: "nothing was done: this comes from \(origin.prefix(100)), and the console is at "
          + "\((proxy.host(of: request) ?? "").prefix(100)); does the proxy pass on the header Host?")
    }
  }

  /// Of somebody who has no session: the same until the key is another.
  func formToken(_ way: String, _ name: String) -> String {
    Fingerprint(of: "\(way):\(name)", key: sessions.key).hexadecimal
  }

  private static func isJSON(_ request: HTTPRequest) -> Bool {
    request.headers["content-type"]?.split(separator: ";").first?.lowercased().filter { $0 != " " }
      == "application/json"
  }

  /// Without a port that goes without saying.
  private static func bare(_ host: String) -> String {
    for port in [":80", ":443"] where host.hasSuffix(port) { return String(host.dropLast(port.count)) }
    return host
  }
}
