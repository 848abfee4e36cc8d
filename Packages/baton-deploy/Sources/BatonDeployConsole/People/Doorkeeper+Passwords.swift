import Baton
public import BatonHTTPServer

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// People with passwords: on the page to log in with, and by HTTP basic.
extension Doorkeeper {
  /// A log-in that was right.
  public struct LogIn: Sendable {
    public let visitor: Visitor
    /// For the header `Set-Cookie`.
    public let cookie: String
  }

  /// Begins a session. One that the browser has already ends, so that nobody goes on with what another has left there.
  public func logIn(
    _ name: String, password: String, _ request: HTTPRequest
  ) async throws(Refusal) -> LogIn {
    let client = settings.proxy.client(of: request)
    try checkOrigin(request)
    let mark = try await verify(name, password, client)
    let visitor = try welcome(name, client)
    do {
      if let old = sessionSecret(request) { try sessions.end(old) }
      let secret = try sessions.begin(name, mark: mark, at: now())
      return LogIn(visitor: visitor, cookie: cookie(secret, request, seconds: Session.longest / 1000))
    } catch {
      throw broken(error)
    }
  }

  /// Ends the session, if there is one; gives what `Set-Cookie` has to say. The request has to be one that was admitted.
  public func logOut(_ request: HTTPRequest) throws(Refusal) -> String {
    do {
      if let secret = sessionSecret(request), let session = try sessions.session(secret, at: now()) {
        try sessions.end(secret)
        audit.write(.init(who: session.person, client: settings.proxy.client(of: request), act: "log-out"))
      }
    } catch {
      throw broken(error)
    }
    return cookie("", request, seconds: 0)
  }

  func admit(basic text: String, client: String) async throws(Refusal) -> Admission {
    guard let passwords else {
      throw Refusal(kind: .wrong, reason: "passwords are not taken here", headers: challenge)
    }
    guard let (name, password) = Self.credentials(text) else {
      throw Refusal(
        kind: .wrong, reason: "the header Authorization is neither 'Basic' nor 'Bearer' with what belongs to it",
        headers: challenge)
    }
    // Of many that come at once with the same, one is looked at: the others are no guesses.
    let key = Fingerprint(of: "\(client) \(name):\(password)", key: sessions.key)
    // Ends with the password's check, which is not for long, and is waited for here.
    let check = checks[key] ?? Task { await visitor(name, password, client, by: passwords) }
    checks[key] = check
    let result = await check.value
    checks[key] = nil
    return Admission(visitor: try result.get(), way: .basic, client: client, formToken: formToken("basic", name))
  }

  private func visitor(
    _ name: String, _ password: String, _ client: String, by passwords: Passwords
  ) async -> Result<Visitor, Refusal> {
    do throws(Refusal) {
      if await passwords.remembers(name, password) { return .success(try visitor(name)) }
      _ = try await verify(name, password, client)
      return .success(try welcome(name, client, reason: "basic"))
    } catch {
      return .failure(error)
    }
  }

  /// Somebody whose password was right, and what he may do; either way it is in the audit.
  private func welcome(_ name: String, _ client: String, reason: String? = nil) throws(Refusal) -> Visitor {
    let visitor: Visitor
    do throws(Refusal) { visitor = try self.visitor(name) } catch {
      audit.write(.init(who: name, client: client, act: "log-in", isPermitted: false, reason: error.reason))
      throw error
    }
    audit.write(.init(who: name, client: client, act: "log-in", reason: reason))
    return visitor
  }

  /// What tells this password from the person's next.
  private func verify(_ name: String, _ password: String, _ client: String) async throws(Refusal) -> Fingerprint {
    guard let passwords else {
      throw Refusal(kind: .wrong, reason: "passwords are not taken here: WEB_PASSWORDS names no file")
    }
    // What nobody can be called is not worth a place in memory.
    let isName = (try? PersonName.checked(name)) != nil
    let tried = isName ? name : "?"
    if let wait = limiter.begin(name: tried, client: client, at: now()) { throw .tooOften(wait) }
    switch await passwords.check(tried, password) {
    case .busy: throw .busy
    case .right(let mark) where isName:
      limiter.succeed(name: name, client: client, at: now())
      return mark
    case .right, .wrong:
      audit.write(
        .init(who: name, client: client, act: "log-in", isPermitted: false, reason: "wrong name or password"))
      throw Refusal(kind: .wrong, reason: "wrong name or password", headers: challenge)
    }
  }

  /// Asks a program for a password; a browser that was not sent one does not ask of its own accord, since a page does.
  private var challenge: [String: String] { ["WWW-Authenticate": "Basic realm=\"\(Self.realm)\", charset=\"UTF-8\""] }

  /// Source: RFC 7617.
  private static func credentials(_ header: String) -> (name: String, password: String)? {
    let words = header.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].lowercased() == "basic",
      let data = Data(base64Encoded: words[1].filter { $0 != " " }),
      let text = String(validating: data, as: UTF8.self)
    else { return nil }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
  }
}
