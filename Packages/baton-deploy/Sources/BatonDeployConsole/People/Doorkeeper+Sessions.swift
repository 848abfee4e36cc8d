import Baton
import BatonHTTPServer

/// People who have logged in.
extension Doorkeeper {
  func admitSession(_ request: HTTPRequest, client: String) async throws(Refusal) -> Admission {
    guard let secret = sessionSecret(request) else { throw nobody(request) }
    let session: Session?
    do { session = try sessions.session(secret, at: now()) } catch { throw broken(error) }
    guard let session else { throw nobody(request, "the session is over; log in again") }
    // Whoever has another password now, or none, is not who has logged in.
    guard await passwords?.mark(of: session.person) == session.mark else {
      do { try sessions.end(secret) } catch { throw broken(error) }
      throw nobody(request, "the password was changed; log in again")
    }
    return Admission(
      visitor: try visitor(session.person), way: .session, client: client,
      formToken: Fingerprint(of: "form", key: [UInt8](secret.utf8)).hexadecimal)
  }

  /// What a browser brings; only a secret that looks like one.
  func sessionSecret(_ request: HTTPRequest) -> String? {
    request.cookies[cookieName(request)].flatMap { Fingerprint(hexadecimal: $0) == nil ? nil : $0 }
  }

  /// For the header `Set-Cookie`. Source: RFC 6265bis, section 4.1.
  func cookie(_ secret: String, _ request: HTTPRequest, seconds: Int64) -> String {
    let isSecure = settings.proxy.isSecure(request)
    return "\(cookieName(request))=\(secret); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
      + (isSecure ? "; Secure" : "")
  }

  /// By TLS under a name that no other host of the domain can set, and nobody on the way.
  private func cookieName(_ request: HTTPRequest) -> String {
    settings.proxy.isSecure(request) ? "__Host-baton_session" : "baton_session"
  }

  private func nobody(_ request: HTTPRequest, _ reason: String? = nil) -> Refusal {
    let words =
      settings.proxy.hasUnbelieved(request)
      ? "the proxy's word is not taken: \(request.client) is not among WEB_PROXIES" : reason ?? "log in first"
    var refusal = Refusal(
      kind: .nobody, reason: words, headers: ["WWW-Authenticate": "Bearer realm=\"\(Self.realm)\""])
    refusal.isSentFromElsewhere =
      reason == nil && request.method == "GET"
      && ["cross-site", "same-site"].contains(request.headers["sec-fetch-site"])
    return refusal
  }

  /// Something that should not happen: the log knows what.
  func broken(_ error: any Error) -> Refusal {
    logger.error("Cannot look at the sessions", ["error": "\(error)"])
    return Refusal(kind: .unavailable, reason: "sessions cannot be looked at now; the console's log says why")
  }
}
