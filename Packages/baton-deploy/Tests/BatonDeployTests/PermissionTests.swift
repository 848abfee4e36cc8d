import AMQP
import Baton
import BatonSigning
import BatonTesting
import Foundation
import Testing

@testable import BatonDeploy

/// Signed requests: whose are taken, and what for. An agent that takes no unsigned ones trusts `jo` with deploys and restarts of `shop`.
struct PermissionTests {
  private let host: TestHost
  private let jo: SigningKey
  private let broker = InMemoryBroker()

  init() throws {
    host = try TestHost()
    jo = try SigningKey(id: "jo")
  }

  @Test("A request that is signed by whom the host trusts with it is done, and the journal says whose it was")
  func trusted() async throws {
    try await withAgent { requester in
      _ = try await requester.deploy("1.0").reply()
      let running = try await requester.ask(Current(Order(app: "shop"))).reply()
      #expect(running.by == "jo (key jo)")
      #expect(audit.map(\.isPermitted) == [true])
      #expect(audit[0].key == "jo" && audit[0].command == "deploy" && audit[0].version == "1.0")
    }
  }

  @Test("Unsigned, signed with an unknown key, with another under a known name, or changed on the way: nothing is done")
  func forged() async throws {
    let eve = try SigningKey(id: "eve")
    let imposter = try SigningKey(id: "jo")
    let changed = Seal { publishing in
      var other = publishing
      other.body = [UInt8](String(decoding: publishing.body, as: UTF8.self).replacing("1.0", with: "2.0").utf8)
      return try Seal.signing(with: jo).headers(of: other)
    }
    try await withAgent { _ in
      for (seal, reason) in [
        (nil, "is not signed"), (Seal.signing(with: eve), "nobody here knows the key 'eve'"),
        (Seal.signing(with: imposter), "not that of 'jo'"), (changed, "not that of 'jo'"),
      ] as [(Seal?, String)] {
        let failure = try await requester(seal).deploy("1.0").failure()
        #expect(failure.errorClass == "NotPermitted")
        #expect(failure.errorMessage.contains(reason))
      }
      #expect(host.current == nil)
      #expect(audit.map(\.isPermitted) == [false, false, false, false])
    }
  }

  @Test("One that wants to be signed and is not right is refused also where unsigned ones are taken")
  func forgedWhereUnsignedIsTaken() async throws {
    let eve = Seal.signing(with: try SigningKey(id: "eve"))
    try await withAgent(unsigned: true) { _ in
      #expect(try await requester(eve).deploy("1.0").failure().errorClass == "NotPermitted")
      _ = try await requester(nil).deploy("1.0").reply()
    }
  }

  @Test("One that is too old, or of tomorrow, has expired")
  func expired() async throws {
    try await withAgent { _ in
      for hours in [-2, 2] as [Int64] {
        let seal = Seal.signing(with: jo) { Timestamp.milliseconds + hours * 3_600_000 }
        let failure = try await requester(seal).deploy("1.0").failure()
        #expect(failure.errorClass == "Expired")
      }
      #expect(host.current == nil)
    }
  }

  @Test("The same message again is a replay, also after the agent was started anew")
  func replayed() async throws {
    let (published, recorder) = AsyncStream.makeStream(of: Publishing.self)
    let seal = Seal { publishing in
      let headers = try Seal.signing(with: jo).headers(of: publishing)
      var sealed = publishing
      sealed.properties.headers.merge(headers) { $1 }
      recorder.yield(sealed)
      return headers
    }
    var first: Publishing?
    try await withAgent { _ in
      _ = try await requester(seal).deploy("1.0").reply()
      #expect(host.lines("log").count == 1)
      first = await published.first { _ in true }
      try await replay(first)
      #expect(audit.last?.reason == "'deploy' was here before, and is a replay")
    }
    try await withAgent { _ in
      try await replay(first)
      #expect(audit.map(\.isPermitted) == [true, false, false])
      #expect(host.lines("log").count == 1)
    }
  }

  @Test("What was signed for one host, or one application, is of no use at another")
  func misdirected() async throws {
    let elsewhere = Seal { publishing in
      var other = publishing
      other.routingKey = "shop.\(host.server.environment).web2.example"
      return try Seal.signing(with: jo).headers(of: other)
    }
    try await withAgent { _ in
      let failure = try await requester(elsewhere).deploy("1.0").failure()
      #expect(failure.errorMessage.contains("what was signed is not"))
      #expect(host.current == nil)
    }
  }

  @Test(
    "A key is good for the commands, the applications and the environments that it is trusted with, and for no others")
  func scope() async throws {
    try await withAgent { requester in
      let failure = try await requester.ask(Lock(Order(app: "shop"), reason: "x")).failure()
      #expect(failure.errorMessage.contains("not trusted here with 'lock' of 'shop'"))
      _ = try await requester.deploy("1.0").reply()
    }
    for (scope, what) in [("apps", "[blog]"), ("environments", "[production]"), ("may", "[restart]")] {
      try await withAgent(changing: scope, to: what) { requester in
        let failure = try await requester.deploy("1.0").failure()
        #expect(failure.errorClass == "NotPermitted")
      }
    }
    try await withAgent(changing: "may", to: "['*']") { requester in
      _ = try await requester.ask(Lock(Order(app: "shop"), reason: "x")).reply()
    }
  }

  @Test(
    "A key in the configuration that is not whole is told with its place",
    arguments: [("key", "abc"), ("may", "[deplyo]"), ("apps", ""), ("environments", ""), ("keys", "x")])
  func configuration(key: String, value: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try host.configuration(text: text(unsigned: false, changing: key, to: value))
    }
    #expect(error?.description.contains("TRUSTED_KEYS.jo.\(key)") == true, "\(String(describing: error))")
    #expect(error?.place.contains("deploy.cfg:") == true || value.isEmpty)
  }

  // MARK: -

  private func text(unsigned: Bool, changing key: String?, to value: String) -> String {
    var scope = [
      "key": "\(jo.publicKey)", "may": "[deploy, restart]", "apps": "[shop]",
      "environments": "[\(host.server.environment)]",
    ]
    if let key { scope[key] = value }
    let lines = scope.map { "    \($0): \($1)\n" }.sorted().joined()
    return host.configurationText(unsigned: unsigned) + "\nTRUSTED_KEYS:\n  jo:\n\(lines)"
  }

  /// - Parameter body: gets a requester who signs as jo.
  private func withAgent(
    unsigned: Bool = false, changing key: String? = nil, to value: String = "",
    body: (TestRequester) async throws -> Void
  ) async throws {
    try await host.makeArtifact("1.0")
    let configuration = try host.configuration(text: text(unsigned: unsigned, changing: key, to: value))
    try await host.withAgent(configuration, broker: broker) { _ in
      try await body(requester(.signing(with: jo)))
    }
  }

  private func requester(_ seal: Seal?) -> TestRequester {
    TestRequester(
      api: API("baton_deploy", broker: broker, seal: seal), environment: host.server.environment)
  }

  /// What the agent has written down.
  private var audit: [AuditLog.Entry] {
    host.lines("state/audit.jsonl").compactMap { try? JSONText.decode(AuditLog.Entry.self, from: [UInt8]($0.utf8)) }
  }

  /// Publishes a message as it was, and waits until the agent has looked at it.
  private func replay(_ publishing: Publishing?) async throws {
    let publishing = try #require(publishing)
    let before = audit.count
    let channel = try await broker.channel()
    _ = try await channel.publish([publishing])
    while audit.count == before { await Task.yield() }
    await channel.close()
  }
}
