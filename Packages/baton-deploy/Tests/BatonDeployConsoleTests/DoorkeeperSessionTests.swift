import BatonHTTPServer
import Foundation
import Testing

@testable import BatonDeployConsole

struct DoorkeeperSessionTests {
  private let gate: TestDoor

  init() throws { gate = try TestDoor() }

  private func get(_ cookie: String, headers: [String: String] = [:]) -> HTTPRequest {
    HTTPRequest("GET", "/", headers: headers.merging(["Cookie": cookie]) { own, _ in own })
  }

  private func post(_ cookie: String, form: String = "", headers: [String: String] = [:]) -> HTTPRequest {
    let own = ["Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Host": "deploy.example"]
    return HTTPRequest(
      "POST", "/", headers: headers.merging(own) { given, _ in given }, body: [UInt8](form.utf8))
  }

  @Test("Whoever logs in is known by his cookie, which no script and no other site gets")
  func logsIn() async throws {
    let door = try gate.doorkeeper()
    let logIn = try await door.logIn("jo", password: "secret", HTTPRequest("POST", "/login", client: "10.0.0.1"))
    #expect(logIn.cookie.hasSuffix("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"))
    let admission = try await door.admit(get(String(logIn.cookie.prefix { $0 != ";" })))
    #expect(admission.visitor == Visitor(name: "jo", rights: [.administer]))
    #expect(admission.way == .session)
    #expect(try gate.audit.map(\.act) == ["log-in"])
    #expect(try gate.audit.first?.client == "10.0.0.1")
  }

  @Test(
    "Without a cookie, and with one that is none, nobody is known",
    arguments: [nil, "baton_session=x", "baton_session="])
  func nobody(_ cookie: String?) async throws {
    let door = try gate.doorkeeper()
    let refusal = await door.refusal(HTTPRequest(headers: cookie.map { ["Cookie": $0] } ?? [:]))
    #expect(refusal?.kind == .nobody)
    #expect(refusal?.status == 401)
  }

  @Test("A wrong password and a wrong name are told alike, and are in the audit")
  func wrong() async throws {
    let door = try gate.doorkeeper()
    let wrong = await door.refusal(logIn: "jo", "Secret")
    #expect(wrong?.kind == .wrong)
    #expect(await door.refusal(logIn: "eve\n{\"forged\": true}", "secret") == wrong)
    #expect(await door.refusal(logIn: "lee", "secret") == wrong)
    let audit = try gate.audit
    #expect(audit.map(\.isPermitted) == [false, false, false])
    #expect(audit.map(\.who) == ["jo", "eve\\n{\"forged\": true}", "lee"])
  }

  @Test("A session outlives a new start, and ends with log-out, with time, and with another password")
  func ends() async throws {
    let lines = "WEB_PASSWORDS: $/passwords\n\(TestDoor.people)"
    var door = try gate.doorkeeper()
    let cookie = try await door.cookie()
    door = try gate.reopened(lines)
    #expect(await door.refusal(get(cookie)) == nil)
    #expect(try await door.logOut(get(cookie)) == "baton_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict")
    #expect(await door.refusal(get(cookie))?.kind == .nobody)
    #expect(try gate.audit.last?.act == "log-out")

    let idle = try await door.cookie()
    gate.time.pass(minutes: 61)
    #expect(await door.refusal(get(idle))?.reason == "the session is over; log in again")

    let changed = try await door.cookie()
    try gate.passwords.set("jo", try PasswordHash(of: "secret"))
    #expect(await door.refusal(get(changed))?.reason == "the password was changed; log in again")

    let removed = try await door.cookie()
    #expect(try gate.passwords.remove("jo"))
    #expect(await door.refusal(get(removed))?.kind == .nobody)
    #expect(await door.refusal(logIn: "jo", "secret")?.kind == .wrong)
  }

  @Test("Another log-in in the same browser ends the session that was there")
  func replaces() async throws {
    let door = try gate.doorkeeper()
    let first = try await door.cookie()
    let second = try await door.cookie("jo", HTTPRequest("POST", headers: ["Cookie": first]))
    #expect(first != second)
    #expect(await door.refusal(get(first)) != nil)
    #expect(await door.refusal(get(second)) == nil)
  }

  @Test("Another role holds at once, and so does none")
  func roles() async throws {
    let door = try gate.doorkeeper()
    let cookie = try await door.cookie()
    let passwords = "WEB_PASSWORDS: $/passwords\nWEB_PEOPLE:\n"
    await door.reconfigure(try gate.settings("\(passwords)  - {name: jo, role: viewer}"))
    #expect(try await door.admit(get(cookie)).visitor.rights == [.read])
    await door.reconfigure(try gate.settings("\(passwords)  - {name: kim, role: viewer}"))
    #expect(await door.refusal(get(cookie))?.kind == .stranger)
    #expect(await door.refusal(logIn: "jo", "secret")?.kind == .stranger)
    #expect(try gate.audit.last?.isPermitted == false)
  }

  @Test("A form has to bring back what its page was given")
  func forms() async throws {
    let door = try gate.doorkeeper("", names: ["jo", "kim"])
    let cookie = try await door.cookie()
    let token = try #require(try await door.admit(get(cookie)).formToken)
    #expect(await door.refusal(post(cookie, form: "a=1&csrf=\(token)")) == nil)
    #expect(await door.refusal(post(cookie, headers: ["X-CSRF-Token": token])) == nil)
    #expect(await door.refusal(post(cookie))?.kind == .forged)
    #expect(await door.refusal(post(cookie, form: "csrf="))?.kind == .forged)
    #expect(await door.refusal(post(cookie, form: "csrf=\(token.dropLast())0"))?.status == 403)
    // JSON alone is not enough where the browser sends a cookie.
    #expect(await door.refusal(post(cookie, headers: ["Content-Type": "application/json"]))?.kind == .forged)
    // Another's is of no use, and neither is that of another session of one's own.
    for other in [try await door.cookie("kim"), try await door.cookie()] {
      #expect(await door.refusal(post(other, form: "csrf=\(token)"))?.kind == .forged)
    }
  }

  @Test(
    "What another site has sent is refused, whatever it brings",
    arguments: [
      ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Origin": "https://evil.example"],
      ["Origin": "null"], ["Origin": "https://deploy.example.evil.example"], ["Origin": "https://deploy.example:8443"],
      ["Origin": "file://deploy.example/x"],
    ])
  func crossSite(_ headers: [String: String]) async throws {
    let door = try gate.doorkeeper()
    let cookie = try await door.cookie()
    let token = try #require(try await door.admit(get(cookie)).formToken)
    #expect(await door.refusal(post(cookie, form: "csrf=\(token)", headers: headers))?.kind == .forged)
    let logIn = post("", headers: headers)
    #expect(await door.refusal(logIn: "jo", "secret", logIn)?.kind == .forged)
  }

  @Test(
    "What comes from a page of this site is taken",
    arguments: [
      ["Sec-Fetch-Site": "same-origin", "Origin": "http://deploy.example"], ["Sec-Fetch-Site": "none"],
      ["Origin": "http://Deploy.example:80"], ["Origin": "http://deploy.example:8480", "Host": "deploy.example:8480"],
    ])
  func sameSite(_ headers: [String: String]) async throws {
    let door = try gate.doorkeeper()
    let cookie = try await door.cookie()
    let token = try #require(try await door.admit(get(cookie)).formToken)
    #expect(await door.refusal(post(cookie, form: "csrf=\(token)", headers: headers)) == nil)
  }

  @Test("A link on another site leads to a page that may look for the cookie again")
  func links() async throws {
    let door = try gate.doorkeeper()
    let sent = HTTPRequest(headers: ["Sec-Fetch-Site": "cross-site"])
    #expect(await door.refusal(sent)?.isSentFromElsewhere == true)
    #expect(await door.refusal(HTTPRequest(headers: ["Sec-Fetch-Site": "same-origin"]))?.isSentFromElsewhere == false)
    // Otherwise it would load itself for ever.
    #expect(await door.refusal(HTTPRequest())?.isSentFromElsewhere == false)
  }
}
