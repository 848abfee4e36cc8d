import BatonHTTPServer
import Testing

@testable import BatonDeployConsole

struct DoorkeeperProxyTests {
  private let gate: TestDoor
  private static let lines = "WEB_PROXY_USER_HEADER: X-Forwarded-User\n\(TestDoor.people)\n"

  init() throws { gate = try TestDoor() }

  private func request(
    _ headers: [String: String], client: String = "unix", method: String = "GET"
  ) -> HTTPRequest {
    HTTPRequest(method, "/", headers: headers, client: client)
  }

  @Test("Whom the proxy names is let in, with the address that it saw last")
  func admits() async throws {
    let door = try gate.reopened(Self.lines)
    let admission = try await door.admit(
      request(["X-Forwarded-User": "kim", "X-Forwarded-For": "6.6.6.6, 10.0.0.7"]))
    #expect(admission.visitor.name == "kim")
    #expect(admission.way == .proxy)
    #expect(admission.client == "10.0.0.7")
    #expect(
      try await door.admit(request(["X-Forwarded-User": "kim", "X-Forwarded-For": "6.6.6.6, x"])).client == "unix")
  }

  @Test("Who is no proxy is not believed, and is told so", arguments: ["127.0.0.1", "::1", "10.0.0.1"])
  func untrusted(_ client: String) async throws {
    let door = try gate.reopened(Self.lines)
    let refusal = await door.refusal(request(["X-Forwarded-User": "jo"], client: client))
    #expect(refusal?.kind == .nobody)
    #expect(refusal?.reason == "the proxy's word is not taken: \(client) is not among WEB_PROXIES")
  }

  @Test("An address that is named is believed, and then the socket's file is not")
  func named() async throws {
    let door = try gate.reopened("\(Self.lines)WEB_PROXIES: [127.0.0.1]")
    #expect(await door.refusal(request(["X-Forwarded-User": "jo"], client: "127.0.0.1")) == nil)
    #expect(await door.refusal(request(["X-Forwarded-User": "jo"]))?.kind == .nobody)
  }

  @Test("Two names, and one that is none, are nobody's", arguments: ["jo, eve", "j o", "jo\u{7F}", "-rf"])
  func malformed(_ name: String) async throws {
    let door = try gate.reopened(Self.lines)
    #expect(await door.refusal(request(["X-Forwarded-User": name]))?.kind == .stranger)
  }

  @Test("A form needs its token here too")
  func forms() async throws {
    let door = try gate.reopened(Self.lines)
    let user = ["X-Forwarded-User": "jo"]
    let token = try #require(try await door.admit(request(user)).formToken)
    #expect(await door.refusal(request(user, method: "POST"))?.kind == .forged)
    #expect(await door.refusal(request(user.merging(["X-CSRF-Token": token]) { own, _ in own }, method: "POST")) == nil)
    // Those of others are others.
    let other = ["X-Forwarded-User": "kim", "X-CSRF-Token": token]
    #expect(await door.refusal(request(other, method: "POST"))?.kind == .forged)
  }

  @Test("Behind TLS the cookie is for TLS alone, and pages of plain HTTP are others'")
  func secure() async throws {
    let door = try gate.doorkeeper()
    let secure = HTTPRequest("POST", headers: ["X-Forwarded-Proto": "https"], client: "unix")
    let cookie = try await door.logIn("jo", password: "secret", secure).cookie
    #expect(cookie.hasPrefix("__Host-baton_session="))
    #expect(cookie.hasSuffix("; SameSite=Strict; Secure"))
    let pair = String(cookie.prefix { $0 != ";" })
    let headers = ["X-Forwarded-Proto": "https", "Host": "deploy.example", "Cookie": pair]
    let token = try #require(try await door.admit(request(headers)).formToken)
    for (origin, isTaken) in [("https://deploy.example", true), ("http://deploy.example", false)] {
      let posted = headers.merging(["Origin": origin, "X-CSRF-Token": token]) { own, _ in own }
      #expect(await door.refusal(request(posted, method: "POST"))?.kind == (isTaken ? nil : .forged))
    }
    // Whoever is no proxy cannot have it made insecure, nor secure.
    let forged = HTTPRequest("POST", headers: ["X-Forwarded-Proto": "https"], client: "10.0.0.1")
    #expect(try await door.logIn("jo", password: "secret", forged).cookie.hasPrefix("baton_session="))
  }

  @Test("Guesses are counted by where the proxy saw them come from")
  func limits() async throws {
    let door = try gate.doorkeeper()
    for number in 0..<20 {
      let guess = request(["X-Forwarded-For": "9.9.9.\(number), 10.0.0.7"], method: "POST")
      #expect(await door.refusal(logIn: "n\(number)", "x", guess)?.kind == .wrong)
    }
    #expect(
      await door.refusal(logIn: "jo", "secret", request(["X-Forwarded-For": "10.0.0.7"], method: "POST"))?.status == 429
    )
    #expect(await door.refusal(logIn: "jo", "secret", request(["X-Forwarded-For": "10.0.0.8"], method: "POST")) == nil)
  }
}
