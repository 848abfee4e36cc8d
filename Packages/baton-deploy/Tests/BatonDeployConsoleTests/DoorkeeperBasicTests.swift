import Baton
import BatonDeployControl
import BatonHTTPServer
import Foundation
import Testing

@testable import BatonDeployConsole

struct DoorkeeperBasicTests {
  private let gate: TestDoor

  init() throws { gate = try TestDoor() }

  @Test("A name and a password let in on any request")
  func admits() async throws {
    let door = try gate.doorkeeper("", names: ["kim"])
    let admission = try await door.admit(.basic("kim", "secret"))
    #expect(admission.way == .basic)
    #expect(admission.visitor.mayDeploy(Place(app: "shop", environment: "staging")))
    #expect(!admission.visitor.mayDeploy(Place(app: "shop", environment: "production")))
  }

  @Test(
    "What is wrong is not passed over",
    arguments: [
      "Basic", "Basic !", "Basic am8=", "Basic am86eA==, Basic am86eA==", "Digest x", "x", "Basic /zpzZWNyZXQ=",
    ])
  func malformed(_ header: String) async throws {
    let door = try gate.doorkeeper()
    let cookie = try await door.cookie()
    let refusal = await door.refusal(HTTPRequest(headers: ["Authorization": header, "Cookie": cookie]))
    #expect(refusal?.status == 401)
    #expect(refusal?.headers["WWW-Authenticate"]?.hasPrefix("Basic") == true)
  }

  @Test("A form needs its token, a program that sends JSON does not, and no other site may send either")
  func forms() async throws {
    let door = try gate.doorkeeper()
    let token = try #require(try await door.admit(.basic("jo", "secret")).formToken)
    let form = ["Content-Type": "application/x-www-form-urlencoded"]
    let json = ["Content-Type": "application/json; charset=utf-8"]
    #expect(await door.refusal(.basic("jo", "secret", "POST", headers: form))?.kind == .forged)
    #expect(await door.refusal(.basic("jo", "secret", "POST", headers: form, body: "csrf=\(token)")) == nil)
    #expect(await door.refusal(.basic("jo", "secret", "POST", headers: json)) == nil)
    #expect(await door.refusal(.basic("jo", "secret", "DELETE")) == nil)
    let foreign = json.merging(["Origin": "https://evil.example"]) { own, _ in own }
    #expect(await door.refusal(.basic("jo", "secret", "POST", headers: foreign))?.kind == .forged)
  }

  @Test("After some wrong ones even the right one has to wait, and is told for how long")
  func limits() async throws {
    let door = try gate.doorkeeper()
    for _ in 0..<5 { #expect(await door.refusal(.basic("jo", "wrong"))?.kind == .wrong) }
    let refusal = await door.refusal(.basic("jo", "secret"))
    #expect(refusal?.status == 429)
    #expect(refusal?.headers["Retry-After"] == "1")
    #expect(await door.refusal(logIn: "jo", "secret")?.status == 429)
    #expect(try gate.audit.count == 5)
    gate.time.pass(seconds: 1)
    #expect(await door.refusal(.basic("jo", "secret")) == nil)
  }

  @Test("A thousand guesses at once are a thousand guesses")
  func flood() async throws {
    let door = try gate.doorkeeper()
    let statuses = await withTaskGroup(of: Int?.self) { group in
      for number in 0..<200 { group.addTask { await door.refusal(.basic("jo", "wrong \(number)"))?.status } }
      return await group.reduce(into: [Int?: Int]()) { $0[$1, default: 0] += 1 }
    }
    #expect(statuses == [401: 5, 429: 195])
  }

  @Test("A program that sends many requests at once with what is right is let in with all of them")
  func burst() async throws {
    let door = try gate.doorkeeper()
    let refusals = await withTaskGroup(of: Refusal?.self) { group in
      for _ in 0..<50 { group.addTask { await door.refusal(.basic("jo", "secret")) } }
      return await group.reduce(into: [Refusal]()) { if let refusal = $1 { $0.append(refusal) } }
    }
    #expect(refusals.isEmpty)
    #expect(try gate.audit.map(\.act) == ["log-in"])
  }

  @Test("What was right is believed for some minutes, unless the file is another")
  func remembers() async throws {
    try gate.passwords.set("jo", try PasswordHash(of: "secret"))
    let times = Times(clock: ContinuousClock()) { [time = gate.time] in time.now }
    let passwords = try Passwords("\(gate.path)/passwords", times: times, logger: .discarding)
    #expect(await !passwords.remembers("jo", "secret"))
    guard case .right = await passwords.check("jo", "secret") else {
      Issue.record("it is right")
      return
    }
    #expect(await passwords.remembers("jo", "secret"))
    #expect(await !passwords.remembers("jo", "Secret"))
    gate.time.pass(minutes: 5)
    #expect(await !passwords.remembers("jo", "secret"))
    _ = await passwords.check("jo", "secret")
    try gate.passwords.set("jo", try PasswordHash(of: "other"))
    #expect(await !passwords.remembers("jo", "secret"))
    #expect(await passwords.check("jo", "secret") == .wrong)
  }

  @Test("A file that is not right any more changes nothing")
  func broken() async throws {
    let door = try gate.doorkeeper()
    try "jo:nonsense\n".write(toFile: "\(gate.path)/passwords", atomically: false, encoding: .utf8)
    #expect(await door.refusal(.basic("jo", "secret")) == nil)
  }
}
