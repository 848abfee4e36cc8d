import AMQP
import BatonTesting
import TestSupport
import Testing

@testable import Baton

/// The same bodies run on the in-memory broker and, where one is told of by BATON_RABBIT_PORT, on a real RabbitMQ.
@Suite(.serialized)
struct ServiceTests {
  private let web = Server(environment: "production", fqdn: "web1.example", appNames: ["shop"])
  private let db = Server(environment: "production", fqdn: "db1.example")

  @Test("Every server of an environment answers", arguments: TestBroker.all)
  func everybodyAnswers(broker: TestBroker) async throws {
    try await withService(EchoService(), on: web, db, broker: broker.make()) { api in
      let answers = try await api.ask(Echo(text: "hello"), of: "production", count: 2)
      #expect(Set(answers.map(\.sender)) == [web, db])
      for answer in answers {
        guard case .reply(let echoed) = answer.outcome else { throw Unexpected(answer.outcome) }
        #expect(echoed.text == "hello")
      }
    }
  }

  @Test("A host that is named answers alone, and one that is not there is known at once", arguments: TestBroker.all)
  func oneHost(broker: TestBroker) async throws {
    try await withService(EchoService(), on: web, db, broker: broker.make()) { api in
      let targets = [Target("production", host: web.fqdn), Target("production", host: "web9.example")]
      var fates: [String: String] = [:]
      for try await answer in api.ask(Echo(text: "hello"), of: targets, until: Ending(deadline: .seconds(30))) {
        switch answer.outcome {
        case .reply: fates[answer.sender.fqdn] = "reply"
        case .notConnected: fates[answer.sender.fqdn] = "not connected"
        default: break
        }
      }
      #expect(fates == [web.fqdn: "reply", "web9.example": "not connected"])
    }
  }

  @Test("An environment that nobody is in is known at once", arguments: TestBroker.all)
  func nobody(broker: TestBroker) async throws {
    try await withService(EchoService(), on: web, broker: broker.make()) { api in
      var outcomes: [String] = []
      for try await answer in api.ask(Echo(text: "x"), of: ["staging"], until: Ending(deadline: .seconds(30))) {
        if case .notConnected = answer.outcome { outcomes.append(answer.sender.environment) }
      }
      #expect(outcomes == ["staging"])
    }
  }

  @Test("Progress comes before the answer", arguments: TestBroker.all)
  func progress(broker: TestBroker) async throws {
    try await withService(EchoService(), on: web, broker: broker.make()) { api in
      var seen: [String] = []
      for try await answer in api.ask(
        Echo(text: "x"), of: ["production"], until: Ending(deadline: .seconds(30), count: 1))
      {
        switch answer.outcome {
        case .progress(let message): seen.append(message.type)
        case .reply(let echoed): seen.append(echoed.text)
        default: throw Unexpected(answer.outcome)
        }
      }
      #expect(seen == ["info", "x"])
    }
  }

  @Test("What a handler throws is the answer, and the service lives on", arguments: TestBroker.all)
  func throwing(broker: TestBroker) async throws {
    try await withService(EchoService(), on: web, broker: broker.make()) { api in
      let failed = try await api.ask(Fail(), of: "production", count: 1)
      guard case .failed(let failure)? = failed.first?.outcome else { throw Unexpected(failed) }
      #expect(failure == Failure("Broken", "it is broken"))
      #expect(try await api.ask(Echo(text: "still here"), of: "production", count: 1).count == 1)
    }
  }

  @Test("Those who do not answer until the deadline are silent", arguments: TestBroker.all)
  func silent(broker: TestBroker) async throws {
    let broker = broker.make()
    try await withService(EchoService(), on: web, broker: broker) { api in
      let channel = try await broker.channel()
      // Somebody who listens under a host's key and says nothing.
      _ = try await channel.declare(
        Topology(queue: .serverNamed, bindings: [.init("baton_test_in", .key("production.mute.example"))]))
      var silent: [String] = []
      let target = Target("production", host: "mute.example")
      for try await answer in api.ask(Echo(text: "x"), of: [target], until: Ending(deadline: .milliseconds(200))) {
        if case .silent = answer.outcome { silent.append(answer.sender.fqdn) }
      }
      #expect(silent == ["mute.example"])
      await channel.close()
    }
  }

  @Test("It ends so long after the last answer when that is wanted", arguments: TestBroker.all)
  func quiet(broker: TestBroker) async throws {
    try await withService(EchoService(), on: web, broker: broker.make()) { api in
      let ending = Ending(deadline: .seconds(600), quiet: .milliseconds(100))
      var count = 0
      for try await answer in api.ask(Echo(text: "x"), of: ["production"], until: ending) where answer.isFinal {
        count += 1
      }
      #expect(count == 1)
    }
  }

  private struct Unexpected: Error {
    let what: String

    init(_ what: some Any) { self.what = "\(what)" }
  }
}

/// The brokers that a test runs on.
enum TestBroker: String, CaseIterable, CustomTestStringConvertible {
  case inMemory, rabbitMQ

  static var all: [TestBroker] { RealBroker.isThere ? allCases : [.inMemory] }

  var testDescription: String { rawValue }

  func make() -> any Broker {
    self == .inMemory ? InMemoryBroker() : RabbitMQ(hosts: [RealBroker.options], logger: .discarding)
  }
}
