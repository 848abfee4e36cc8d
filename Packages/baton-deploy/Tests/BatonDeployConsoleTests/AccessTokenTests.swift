import Baton
import BatonDeployControl
import BatonHTTPServer
import Foundation
import Testing

@testable import BatonDeployConsole

struct AccessTokenTests {
  private let gate: TestDoor
  private static let day: Int64 = 86_400_000

  init() throws { gate = try TestDoor() }

  private func make(_ name: String, may: [String], days: Int64 = 90) throws -> String {
    let now = gate.time.now
    let (token, secret) = try AccessToken.make(
      name: name, may: may, by: "jo", now: now, expires: now + days * Self.day)
    #expect(try gate.tokens.add(token))
    return secret
  }

  private func request(_ secret: String, _ method: String = "POST") -> HTTPRequest {
    HTTPRequest(method, "/api/v1/deploys", headers: ["Authorization": "Bearer \(secret)"])
  }

  @Test("A token may what it was made for, and its secret is kept nowhere")
  func scopes() async throws {
    let secret = try make("chatbot", may: ["read", "deploy:shop/production", "deploy:*/development"])
    #expect(secret.hasPrefix("bat_") && secret.count == 68)
    #expect(try !String(contentsOfFile: "\(gate.path)/tokens", encoding: .utf8).contains(secret.dropFirst(4)))
    let admission = try await gate.reopened("WEB_TOKENS: $/tokens").admit(request(secret))
    #expect(admission.way == .token)
    #expect(admission.formToken == nil)
    #expect(admission.visitor.name == "token:chatbot")
    #expect(!admission.visitor.isAdministrator)
    for (app, environment, isAllowed) in [
      ("shop", "production", true), ("shop", "staging", false), ("till", "development", true),
      ("till", "production", false),
    ] {
      #expect(admission.visitor.mayDeploy(Place(app: app, environment: environment)) == isAllowed)
    }
    let reader = try make("reader", may: ["read"])
    let visitor = try await gate.reopened("WEB_TOKENS: $/tokens").admit(request(reader)).visitor
    #expect(visitor.mayRead && !visitor.mayDeploy(Place(app: "shop", environment: "development")))
  }

  @Test("One that has expired, was taken away, or never was, is refused with the reason")
  func refused() async throws {
    let secret = try make("ci", may: ["read"], days: 1)
    let door = try gate.reopened("WEB_TOKENS: $/tokens")
    #expect(await door.refusal(request(secret)) == nil)
    gate.time.pass(minutes: 24 * 60)
    let expired = await door.refusal(request(secret))
    #expect(expired?.status == 401)
    #expect(expired?.reason.hasPrefix("the token 'ci' expired at 2027-") == true)
    #expect(expired?.headers["WWW-Authenticate"]?.contains("error=\"invalid_token\"") == true)

    let other = try make("other", may: ["read"])
    #expect(await door.refusal(request(other)) == nil)
    #expect(try gate.tokens.remove("other"))
    #expect(await door.refusal(request(other))?.reason == "the token is not known")
    #expect(await door.refusal(request("bat_x"))?.status == 401)
    #expect(try gate.audit.map(\.who) == ["token:ci", nil, nil])
    #expect(try gate.audit.allSatisfy { $0.act == "token" && !$0.isPermitted })
  }

  @Test("Where no tokens are taken none is known, and many that are wrong are not each written down")
  func none() async throws {
    let door = try gate.doorkeeper()
    for _ in 0..<20 { #expect(await door.refusal(request("bat_x"))?.status == 401) }
    #expect(await door.refusal(request("bat_x"))?.status == 429)
    #expect(try gate.audit.count == 20)
    // People come from there all the same.
    #expect(await door.refusal(logIn: "jo", "secret") == nil)
  }

  @Test(
    "Names and rights are checked when it is made",
    arguments: [
      ("a:b", "read"), ("", "read"), ("ci", "write"), ("ci", "deploy"), ("ci", "deploy:shop"),
      ("ci", "deploy:shop/a/b"),
      ("ci", "deploy:../production"), ("ci", "deploy:/"), ("ci", "administer"),
    ])
  func checks(name: String, right: String) {
    #expect(throws: InvalidName.self) {
      try AccessToken.make(name: name, may: [right], by: nil, now: 0, expires: 1)
    }
  }

  @Test("The file says which line is not right, and has each name once")
  func file() throws {
    _ = try make("ci", may: ["read"])
    let (again, _) = try AccessToken.make(name: "ci", may: ["read"], by: nil, now: 0, expires: 1)
    #expect(try !gate.tokens.add(again))
    #expect(try gate.tokens.tokens().map(\.name) == ["ci"])
    let path = "\(gate.path)/tokens"
    let good = try String(contentsOfFile: path, encoding: .utf8)
    for line in ["{}", "nonsense", good.replacing("\"read\"", with: "\"all\""), good] {
      try (good + line).write(toFile: path, atomically: false, encoding: .utf8)
      #expect { try gate.tokens.tokens() } throws: { "\($0)".hasPrefix("\(path):2: the file of WEB_TOKENS") }
    }
  }
}
