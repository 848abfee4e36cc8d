public import Baton
public import BatonDeployControl
public import BatonHTTPServer

/// The one door: finds out who a request comes from, and whether it may be what it says.
///
/// In this order, and what is there and wrong is not passed over: a bearer token, what the proxy says, HTTP basic, a session.
public actor Doorkeeper {
  static let realm = "baton-deploy"

  private(set) var settings: PeopleSettings
  let audit: ConsoleAudit
  let logger: Logger
  let now: @Sendable () -> Int64
  let sessions: SessionStore
  var limiter = LoginLimiter()
  /// Names and passwords that are being looked at.
  var checks: [Fingerprint: Task<Result<Visitor, Refusal>, Never>] = [:]
  /// Nil: nobody logs in here.
  private(set) var passwords: Passwords?
  private var tokens: Watched<[Fingerprint: KnownToken]>?

  /// Throws `ConfigurationError` with file and line if a file of passwords or tokens is not right.
  ///
  /// - Parameter state: the console's folder, in which `sessions.db` is.
  public init(
    _ settings: PeopleSettings, state: String, audit: ConsoleAudit, times: Times = .system, logger: Logger
  ) throws {
    self.settings = settings
    self.audit = audit
    self.logger = logger
    now = times.now
    sessions = try SessionStore("\(state)/sessions.db")
    passwords = try settings.passwords.map { try Passwords($0, times: times, logger: logger) }
    tokens = try settings.tokens.map {
      try Watched(SecretFile(path: $0, key: TokenFile.key), parse: TokenFile.parse)
    }
  }

  /// Takes other people and roles, for whoever comes from now on. Which files there are stays as it was.
  public func reconfigure(_ settings: PeopleSettings) { self.settings = settings }

  /// Whether there is a page to log in with.
  public var hasPasswords: Bool { passwords != nil }

  /// Who a request comes from. One that changes something is refused if another site may have sent it.
  public func admit(_ request: HTTPRequest) async throws(Refusal) -> Admission {
    let proxy = settings.proxy
    let client = proxy.client(of: request)
    if let token = bearer(request) { return try admit(token: token, client: client) }
    let admission: Admission
    if let name = proxy.user(of: request) {
      admission = try admit(proxied: name, client: client)
    } else if let text = request.headers["authorization"] {
      admission = try await admit(basic: text, client: client)
    } else {
      admission = try await admitSession(request, client: client)
    }
    if !SafeMethods.contains(request.method) { try check(request, admission) }
    return admission
  }

  /// What somebody may do; what he may not is for the caller to say.
  func visitor(_ name: String) throws(Refusal) -> Visitor {
    guard let rights = settings.people.rights(of: name) else {
      throw Refusal(kind: .stranger, reason: "\(name.prefix(128)) has no role here: WEB_PEOPLE does not name him")
    }
    return Visitor(name: name, rights: rights)
  }

  // MARK: - By a token

  private func bearer(_ request: HTTPRequest) -> String? {
    guard let text = request.headers["authorization"], text.lowercased().hasPrefix("bearer ") else { return nil }
    return text.dropFirst("bearer ".count).filter { $0 != " " }
  }

  private func admit(token secret: String, client: String) throws(Refusal) -> Admission {
    let now = now()
    let found = tokens?.current(logger)[Fingerprint(of: secret)]
    guard let found else { throw try refused(nil, "the token is not known", client) }
    guard now < found.token.expires else {
      throw try refused(
        "token:\(found.token.name)", "the token '\(found.token.name)' expired at \(Moment.text(found.token.expires))",
        client)
    }
    return Admission(
      visitor: Visitor(name: "token:\(found.token.name)", rights: found.rights), way: .token, client: client,
      formToken: nil)
  }

  private func refused(_ who: String?, _ reason: String, _ client: String) throws(Refusal) -> Refusal {
    // Tokens cannot be guessed, but lines in the audit can be made many.
    if let wait = limiter.beginToken(client: client, at: now()) { throw .tooOften(wait) }
    audit.write(.init(who: who, client: client, act: "token", isPermitted: false, reason: reason))
    return Refusal(
      kind: .wrong, reason: reason,
      headers: [
        "WWW-Authenticate":
          "Bearer realm=\"\(Self.realm)\", error=\"invalid_token\", error_description=\"\(reason)\""
      ])
  }

  // MARK: - By a proxy

  private func admit(proxied text: String, client: String) throws(Refusal) -> Admission {
    let name: String
    do { name = try PersonName.checked(text) } catch {
      throw Refusal(kind: .stranger, reason: "the proxy says that it is somebody who cannot be: \(error)")
    }
    return Admission(visitor: try visitor(name), way: .proxy, client: client, formToken: formToken("proxy", name))
  }
}

/// Methods that change nothing. Source: RFC 9110, section 9.2.1.
enum SafeMethods {
  static func contains(_ method: String) -> Bool { ["GET", "HEAD", "OPTIONS"].contains(method) }
}
